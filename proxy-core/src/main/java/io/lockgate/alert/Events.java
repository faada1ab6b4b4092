package io.lockgate.alert;

/** How often something went well and ill. */
record Events(long good, long bad) {
  static final Events NONE = new Events(0, 0);

  long all() {
    return good + bad;
  }

  /** 1 uses up the budget exactly in the time it is given for; 0 where nothing happened. */
  double burnRate(double objectivePercent) {
    return all() == 0 ? 0 : (double) bad / all() / (1 - objectivePercent / 100);
  }
}
