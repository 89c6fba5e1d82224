// Plays ?stream=<id of /streams> or ?src=<a playlist below /watch/ or the viewers' address>. All that is shown is text.
(() => {
  'use strict';

  const AGAIN_MS = 2000;
  const FOLLOW_MS = 5000;
  const BEHIND_SECONDS = 8;
  const HLS_TYPE = 'application/vnd.apple.mpegurl';
  const page = document.baseURI;
  const query = new URL(page).searchParams;
  const video = document.getElementById('video');
  const edge = document.getElementById('edge');
  const viewerUrl = document.querySelector('meta[name="viewer-url"]').content;

  let hls = null;
  let isLive = false;
  let note = '';
  let mediaErrors = 0;

  /** @param state waiting, live, recorded, ended, absent, refused or failed */
  function show(state, words) {
    document.body.dataset.state = state;
    const status = document.getElementById('status');
    if (status.textContent !== words) {
      status.textContent = words;
    }
  }

  function bases() {
    const own = ['watch/', 'live/watch/'].map(path => new URL(path, page).href);
    return viewerUrl ? [...own, viewerUrl.endsWith('/') ? viewerUrl : viewerUrl + '/'] : own;
  }

  /** Null for an address of others. */
  function ownAddress(text) {
    try {
      const address = new URL(text, page).href;
      return bases().some(base => address.startsWith(base)) ? address : null;
    } catch (e) {
      return null;
    }
  }

  /** Where Reelway serves viewers itself, it is at the address of this page, however the stream's record calls it. */
  function here(address) {
    const path = new URL(address, page).pathname;
    return !viewerUrl && path.startsWith('/watch/') ? new URL(path.slice(1), new URL('.', page)).href : address;
  }

  async function get(address) {
    try {
      const answer = await fetch(address, {cache: 'no-store', redirect: 'error'});
      return {status: answer.status, text: await answer.text()};
    } catch (e) {
      return {status: 0, text: ''};
    }
  }

  /** Null for what is no JSON, such as the page of a proxy. */
  function parsed(text) {
    try {
      return JSON.parse(text);
    } catch (e) {
      return null;
    }
  }

  /** What is to be played now, and what is said while there is nothing. */
  async function wanted() {
    if (query.has('src')) {
      const address = ownAddress(query.get('src'));
      return address
        ? {address, waiting: 'Nothing is at this address yet. It begins by itself when the stream does.'}
        : {state: 'refused', words: 'This player plays addresses of its own server only.', isFinal: true};
    }
    if (!query.get('stream')) {
      return {state: 'refused', words: 'Which stream? Add ?stream=<id>, or ?src=<address of a playlist>.', isFinal: true};
    }
    const id = query.get('stream');
    const answer = await get(new URL('streams/' + encodeURIComponent(id), page).href);
    if (answer.status === 404) {
      return {state: 'absent', words: 'There is no stream ' + id + '.'};
    }
    const stream = answer.status === 200 ? parsed(answer.text) : null;
    if (!stream) {
      return {state: 'failed', words: 'The server does not say what becomes of the stream. Asking again…'};
    }
    document.title = document.getElementById('name').textContent = stream.name || id;
    document.getElementById('description').textContent = stream.description || '';
    if (!stream.viewer_endpoint) {
      return {state: 'waiting', words: 'The stream is being made. It begins here by itself.'};
    }
    const isPublic = stream.started && stream.cloudfront_associated;
    return {
      address: here(isPublic ? stream.viewer_endpoint_cloudfront : stream.viewer_endpoint),
      note: stream.started && !isPublic ? ' Not on the public live address.' : '',
      isStarted: stream.started,
      hasEnded: !stream.started && stream.last_stopped !== null,
      waiting: stream.started
        ? 'Waiting for the stream. It begins by itself when something is published.'
        : 'The stream has not been started. It begins here by itself.',
    };
  }

  /** Looks what there is until something can be played. */
  async function look() {
    const now = await wanted();
    if (now.state) {
      show(now.state, now.words);
    } else {
      const playlist = await get(now.address);
      const isThere = playlist.status === 200 && playlist.text.startsWith('#EXTM3U');
      const isOver = playlist.text.includes('#EXT-X-ENDLIST');
      // One that is over while the stream is started is of the session before.
      if (isThere && !(isOver && now.isStarted)) {
        const hasEnded = now.hasEnded || isOver;
        if (!hasEnded || document.body.dataset.state !== 'ended') {
          play(now, hasEnded);
          return;
        }
      } else if (now.hasEnded) {
        show('ended', 'The stream has ended.');
      } else if (now.isStarted || document.body.dataset.state !== 'ended') {
        show('waiting', playlist.status === 404 || playlist.status === 200 ? now.waiting : 'The stream cannot be read now. Asking again…');
      }
    }
    if (!now.isFinal) {
      setTimeout(look, AGAIN_MS);
    }
  }

  /** Whether it is on the public live address may change meanwhile. */
  async function follow() {
    if (hls && query.has('stream')) {
      const now = await wanted();
      note = now.note || '';
      if (hls) {
        say();
      }
    }
  }

  function say() {
    show(isLive ? 'live' : 'recorded', isLive ? 'Live.' + note : 'The stream has ended. This is what is left of it.' + note);
  }

  function begin() {
    video.play().catch(() => {
      document.getElementById('status').textContent += ' Press play.';
    });
  }

  function play(now, hasEnded) {
    const isApple = navigator.vendor.startsWith('Apple') && video.canPlayType(HLS_TYPE);
    isLive = !hasEnded;
    note = now.note || '';
    video.onended = () => stop('ended', 'The stream has ended.');
    if (isApple || !window.Hls || !Hls.isSupported()) {
      if (!video.canPlayType(HLS_TYPE)) {
        show('failed', 'This browser plays no HLS.');
        return;
      }
      video.onerror = () => stop('waiting', now.waiting);
      video.src = now.address;
      video.onloadedmetadata = () => { say(); begin(); };
      return;
    }
    // No worker: it would be a script from a blob, which the page's rules do not allow.
    hls = new Hls({enableWorker: false, backBufferLength: 120, manifestLoadingMaxRetry: 2, levelLoadingMaxRetry: 3});
    hls.on(Hls.Events.MANIFEST_PARSED, begin);
    hls.on(Hls.Events.LEVEL_UPDATED, (event, data) => {
      isLive = data.details.live;
      say();
    });
    hls.on(Hls.Events.ERROR, (event, data) => {
      if (!data.fatal) {
        return;
      }
      if (data.type === Hls.ErrorTypes.MEDIA_ERROR && mediaErrors++ < 3) {
        hls.recoverMediaError();
      } else {
        stop('waiting', data.type === Hls.ErrorTypes.MEDIA_ERROR ? 'The stream cannot be played. Trying again…' : now.waiting);
      }
    });
    hls.loadSource(now.address);
    hls.attachMedia(video);
  }

  function stop(state, words) {
    if (hls) {
      hls.destroy();
      hls = null;
    } else {
      video.onerror = null;
      video.removeAttribute('src');
      video.load();
    }
    edge.hidden = true;
    show(state, words);
    setTimeout(look, AGAIN_MS);
  }

  video.addEventListener('playing', () => { mediaErrors = 0; });
  video.addEventListener('timeupdate', () => {
    const position = hls && isLive ? hls.liveSyncPosition : null;
    edge.hidden = position === null || position - video.currentTime < BEHIND_SECONDS;
  });
  edge.addEventListener('click', () => {
    if (hls && hls.liveSyncPosition !== null) {
      video.currentTime = hls.liveSyncPosition;
      video.play();
      video.focus();
    }
  });
  setInterval(follow, FOLLOW_MS);
  look();
})();
