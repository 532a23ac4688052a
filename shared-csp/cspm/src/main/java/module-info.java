/**
 * Reads models written in CSPm, the language of FDR, decides their assertions, and replays what a
 * program has recorded against them. Stands on the JDK alone.
 */
module dev.sluice.cspm {
  requires static org.jspecify;

  exports dev.sluice.cspm;
}
