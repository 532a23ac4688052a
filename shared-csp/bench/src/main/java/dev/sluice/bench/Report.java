package dev.sluice.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Makes tables and plots of what a run has left in a directory, and puts them there as well. */
public final class Report {
  private Report() {}

  /** Takes the directory. */
  public static void main(String[] args) throws IOException {
    System.setProperty("java.awt.headless", "true");
    write(Path.of(args[0]));
  }

  static void write(Path directory) throws IOException {
    Results results = Results.read(directory);
    StringBuilder text = new StringBuilder(Tables.of(results));
    List<String> plots = Plots.write(results, directory);
    if (!plots.isEmpty()) {
      text.append("## Plots\n");
      for (String plot : plots) {
        text.append("\n![").append(plot).append("](").append(plot).append(".svg)\n");
      }
    }
    Files.writeString(directory.resolve("channels.md"), text);
  }
}
