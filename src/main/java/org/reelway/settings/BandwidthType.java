package org.reelway.settings;

/** A rate, or a timetable of rates. */
final class BandwidthType implements ValueType<BandwidthPlan> {
  @Override
  public String text() {
    return "rate or timetable";
  }

  @Override
  public String allowed() {
    return "0 (none), a rate such as 20MiB/s, or entries such as Mon-Fri 08:00-18:00 20MiB/s, separated by commas";
  }

  @Override
  public BandwidthPlan parse(String text) {
    return BandwidthPlan.parse(text);
  }
}
