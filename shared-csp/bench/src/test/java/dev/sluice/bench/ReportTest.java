package dev.sluice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  @TempDir Path directory;

  @BeforeEach
  void results() throws IOException {
    write(
        "channels.json",
        """
        [
          {"benchmark": "dev.sluice.bench.RendezvousBench.oneToOne",
           "params": {"contestant": "ParkFloor"},
           "primaryMetric": {"rawData": [[1000.0, 1000.0]]}},
          {"benchmark": "dev.sluice.bench.RendezvousBench.oneToOne",
           "params": {"contestant": "sluice"},
           "primaryMetric": {"rawData": [[490.0, 510.0], [450.0], [540.0]]},
           "secondaryMetrics": {"gc.alloc.rate.norm": {"score": 0.5}}},
          {"benchmark": "dev.sluice.bench.RendezvousBench.oneToOne",
           "params": {"contestant": "jox"},
           "primaryMetric": {"rawData": [[1000.0], [2000.0], [1500.0]]}},
          {"benchmark": "dev.sluice.bench.BufferedBench.oneToOne",
           "params": {"capacity": "16", "contestant": "sluice"},
           "primaryMetric": {"rawData": [[60.0]]}},
          {"benchmark": "dev.sluice.bench.BufferedBench.oneToOne",
           "params": {"capacity": "16", "contestant": "ArrayBlockingQueue"},
           "primaryMetric": {"rawData": [[80.0]]}},
          {"benchmark": "dev.sluice.bench.BufferedBench.oneToOne",
           "params": {"capacity": "16", "contestant": "LinkedBlockingQueue"},
           "primaryMetric": {"rawData": [[120.0]]}}
        ]
        """);
    write(
        "go.txt",
        """
        goos: linux
        BenchmarkChannels/RendezvousBench.oneToOne-2       \t  10\t  240.0 ns/op\t  0.25 heap-B/op
        BenchmarkChannels/RendezvousBench.oneToOne-2       \t  10\t  250.0 ns/op\t  0.25 heap-B/op
        BenchmarkChannels/RendezvousBench.oneToOne-2       \t  10\t  260.0 ns/op\t  0.25 heap-B/op
        BenchmarkChannels/BufferedBench.oneToOne:capacity=16-2 \t  10\t  30.0 ns/op\t  1e-05 heap-B/op
        PASS
        """);
  }

  @Test
  void aTimeIsTheMedianOfTheForksWithItsSpread() throws IOException {
    String report = report();
    assertLine(report, "| rendezvous 1:1 | sluice | 500 | 450 to 540 | 2,000,000 | 0.50 | yes |");
    assertLine(
        report, "| buffer 16, 1:1 | sluice | 60.0 | 60.0 to 60.0 | 16,666,667 | 0.06 | yes |");
  }

  @Test
  void forksFarApartAreMarked() throws IOException {
    String report = report();
    assertLine(report, "| rendezvous 1:1 | jox | 1,500 | 1,000 to 2,000 | 666,667 | 1.50 | no |");
    assertLine(report, "| rendezvous 1:1 | 1,000 | 500 | 1,500 ~ | **250** | - | - |");
  }

  @Test
  void sluiceIsComparedWithEachThatWasMeasured() throws IOException {
    String report = report();
    assertLine(report, "| rendezvous 1:1 | 0.33 | - | 2.00 | - | - |");
    assertLine(report, "| buffer 16, 1:1 | - | - | 2.00 | 0.75 | - |");
    assertLine(report, "| **geometric mean** | **0.33** | - | **2.00** | **0.75** | - |");
    assertLine(report, "| Sluice is quicker in | 1 of 1 | 0 of 0 | 0 of 2 | 1 of 1 | 0 of 0 |");
  }

  @Test
  void allocationIsPerOperation() throws IOException {
    assertLine(report(), "| rendezvous 1:1 | - | 0.50 | - | 0.25 | - | - |");
  }

  @Test
  void sizesPinningAndMachineAreShownWhenThere() throws IOException {
    assertFalse(report().contains("## Size"));
    write("sizes.json", "{\"rendezvous channel, new\": {\"sluice\": 80, \"jox\": 248}}");
    write("pinned.json", "{\"sluice\": 0, \"jox\": 3}");
    write("machine.txt", "date: 2026-01-01\ncpu: a processor, 2 cores\n");
    String report = report();
    assertLine(report, "| rendezvous channel, new | 80 | 248 |");
    assertLine(report, "| times | 0 | 3 |");
    assertLine(report, "- cpu: a processor, 2 cores");
  }

  @Test
  void plotsAreWrittenAsPngAndSvg() throws IOException {
    String report = report();
    for (String plot : new String[] {"hand-off", "buffered"}) {
      assertTrue(report.contains("](" + plot + ".svg)"), report);
      assertEquals((byte) 0x89, Files.readAllBytes(directory.resolve(plot + ".png"))[0]);
      assertTrue(Files.readString(directory.resolve(plot + ".svg")).contains("<svg"), plot);
    }
    assertFalse(Files.exists(directory.resolve("select.png")), "there is nothing to plot");
  }

  @Test
  void aRunThatLeftNothingGivesAnEmptyReport() throws IOException {
    Files.delete(directory.resolve("channels.json"));
    Files.delete(directory.resolve("go.txt"));
    assertTrue(report().startsWith("# Channels side by side"));
  }

  private String report() throws IOException {
    Report.write(directory);
    return Files.readString(directory.resolve("channels.md"));
  }

  private void write(String file, String text) throws IOException {
    Files.writeString(directory.resolve(file), text);
  }

  private static void assertLine(String report, String line) {
    assertTrue(report.lines().anyMatch(line::equals), () -> "no line " + line + " in\n" + report);
  }
}
