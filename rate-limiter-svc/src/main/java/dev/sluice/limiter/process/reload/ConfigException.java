package dev.sluice.limiter.process.reload;

/** A configuration that cannot be used: where it is wrong, and why. */
public final class ConfigException extends Exception {
  private static final long serialVersionUID = 1;

  private final String file;
  private final int line;
  private final String reason;

  /**
   * @param file the file's path
   * @param line the line, from 1; 0 for the file as a whole
   * @param reason what is wrong there
   */
  public ConfigException(String file, int line, String reason) {
    super(line == 0 ? file + ": " + reason : file + ":" + line + ": " + reason);
    this.file = file;
    this.line = line;
    this.reason = reason;
  }

  public String file() {
    return file;
  }

  public int line() {
    return line;
  }

  public String reason() {
    return reason;
  }
}
