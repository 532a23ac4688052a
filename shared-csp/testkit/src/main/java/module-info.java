/**
 * What tests of processes need: a clock that stands still until it is told, and a check that no
 * process is left.
 */
module dev.sluice.csp.testkit {
  requires transitive dev.sluice.csp;
  requires static org.jspecify;
  requires transitive org.junit.jupiter.api;

  exports dev.sluice.csp.testkit;
}
