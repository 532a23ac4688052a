package dev.sluice.cspm;

/**
 * Where something stands in a script.
 *
 * @param file name without folders
 * @param line from 1
 */
record Position(String file, int line) {
  @Override
  public String toString() {
    return file + ":" + line;
  }
}
