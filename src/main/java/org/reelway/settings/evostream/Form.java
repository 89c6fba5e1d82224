package org.reelway.settings.evostream;

/** What a parameter may be. */
enum Form {
  TEXT("text in quotes") {
    @Override
    boolean fits(Json json) {
      return json instanceof Json.Text;
    }
  },
  TEXTS("text in quotes, or an array of such texts") {
    @Override
    boolean fits(Json json) {
      return json instanceof Json.Text
          || json instanceof Json.Items items && items.all().stream().allMatch(Json.Text.class::isInstance);
    }
  },
  NUMBER("a number, also in quotes") {
    @Override
    boolean fits(Json json) {
      return json instanceof Json.Number || json instanceof Json.Text;
    }
  },
  FLAG("true or false") {
    @Override
    boolean fits(Json json) {
      return json instanceof Json.Flag;
    }
  },
  OBJECTS("an array of objects") {
    @Override
    boolean fits(Json json) {
      return json instanceof Json.Items items && items.all().stream().allMatch(Json.Members.class::isInstance);
    }
  };

  private final String words;

  Form(String words) {
    this.words = words;
  }

  abstract boolean fits(Json json);

  void check(Json json, Place place, Findings findings) {
    if (!fits(json)) {
      findings.add(place, "is " + found(json) + "; allowed: " + words);
    }
  }

  private static String found(Json json) {
    return json instanceof Json.Items items
        ? items.all().stream().map(Json::kind).distinct().sorted().reduce((one, other) -> one + " and " + other)
            .map(kinds -> "an array with " + kinds).orElse("an empty array")
        : json.kind();
  }
}
