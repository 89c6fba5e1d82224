// Hawtio shows sources in the editor Monaco, which its page fetches from a host elsewhere unless window.monaco is there. Sources are
// only read here, so this is what Hawtio asks of Monaco, without an editor behind it.
'use strict';

(() => {
  const nothing = () => {};
  const disposable = { dispose: nothing };
  const models = new Set();

  const model = (text, uri) => {
    const made = {
      uri,
      text: text ?? '',
      getValue: () => made.text,
      setValue: (value) => { made.text = value ?? ''; },
      updateOptions: nothing,
      dispose: () => models.delete(made),
    };
    models.add(made);
    return made;
  };

  const view = (place, options) => {
    const text = document.createElement('pre');
    text.tabIndex = 0;
    text.style.cssText = 'box-sizing: border-box; height: 100%; margin: 0; padding: 1em; overflow: auto; font-size: 13px';
    place.append(text);
    let shown = options.model;
    const show = () => { text.textContent = shown ? shown.text : ''; };
    show();
    return {
      getModel: () => shown,
      setModel: (other) => { shown = other; show(); },
      getValue: () => shown.text,
      setValue: (value) => { shown.setValue(value); show(); },
      // Of read only: the page then sets new text as a whole.
      getOption: () => true,
      updateOptions: nothing,
      saveViewState: () => null,
      restoreViewState: nothing,
      revealLine: nothing,
      layout: nothing,
      focus: () => text.focus(),
      addCommand: nothing,
      onDidChangeModelContent: () => disposable,
      dispose: () => text.remove(),
    };
  };

  window.monaco = {
    KeyCode: { Tab: 0 },
    KeyMod: { Shift: 0 },
    Uri: { parse: (path) => ({ path, toString: () => path }) },
    editor: {
      EditorOption: { readOnly: 0 },
      create: view,
      createModel: (text, language, uri) => model(text, uri),
      getModel: (uri) => [...models].find((each) => uri.path && String(each.uri) === uri.path),
      getModels: () => [...models],
      getModelMarkers: () => [],
      onDidChangeMarkers: () => disposable,
      defineTheme: nothing,
      setModelLanguage: nothing,
      setTheme: nothing,
    },
  };
})();
