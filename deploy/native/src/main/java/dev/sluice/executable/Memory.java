package dev.sluice.executable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What of a process is in memory, pages of its executable included, as Linux counts it. */
final class Memory {
  private Memory() {}

  /** Bytes now. */
  static long resident(long pid) throws IOException {
    return bytes(pid, "VmRSS:");
  }

  /** Bytes when it had the most. */
  static long mostResident(long pid) throws IOException {
    return bytes(pid, "VmHWM:");
  }

  private static long bytes(long pid, String name) throws IOException {
    Path status = Path.of("/proc", Long.toString(pid), "status");
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith(name)) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
      }
    }
    throw new IOException("no " + name + " in " + status);
  }
}
