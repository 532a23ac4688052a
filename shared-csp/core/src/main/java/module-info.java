/**
 * Channels, select, time and scopes for Java: processes own their state and talk over typed,
 * bounded channels. Stands on the JDK alone.
 */
module dev.sluice.csp {
  requires static org.jspecify;

  exports dev.sluice.csp;
  exports dev.sluice.csp.patterns;
}
