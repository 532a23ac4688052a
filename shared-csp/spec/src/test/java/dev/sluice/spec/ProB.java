package dev.sluice.spec;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipInputStream;

/**
 * ProB of the University of Düsseldorf, the checker that is not ours: a program, unpacked from its
 * Maven artifact. It is there for Linux on x86-64; the parser that it calls needs libffi and libgmp
 * of the system.
 */
final class ProB {
  private static final Pattern EVENT = Pattern.compile("GO:,([^,\\]]+)");
  private static final Pattern COUNTEREXAMPLE = Pattern.compile("(?m)^\\[.*GO:.*$");

  private final Path home;

  private ProB(Path home) {
    this.home = home;
  }

  /** It cannot run here, and why. */
  static final class Unavailable extends Exception {
    private static final long serialVersionUID = 1L;

    Unavailable(String why) {
      super(why);
    }
  }

  /**
   * What it says to an assertion.
   *
   * @param trace when it does not hold, the visible events that lead to where it fails; empty when
   *     ProB names none
   * @param output all that it printed
   */
  record Verdict(boolean holds, List<String> trace, Duration time, String output) {}

  /**
   * Unpacks it.
   *
   * @param home where to; what is there already is taken
   * @throws Unavailable it does not run on this machine
   */
  static ProB in(Path home) throws IOException, InterruptedException, Unavailable {
    if (!System.getProperty("os.name").equals("Linux")
        || !System.getProperty("os.arch").equals("amd64")) {
      throw new Unavailable("this test knows the program for Linux on x86-64 only");
    }
    var prob = new ProB(home);
    if (!Files.isExecutable(home.resolve("probcli"))) {
      prob.unpack();
    }
    prob.linkLibffi();
    prob.tryParser();
    return prob;
  }

  private void unpack() throws IOException {
    Files.createDirectories(home.resolve("lib"));
    try (var program = new ZipInputStream(resource("cli/probcli_linux64.zip"))) {
      for (var entry = program.getNextEntry(); entry != null; entry = program.getNextEntry()) {
        Path file = home.resolve(entry.getName()).normalize();
        if (!file.startsWith(home)) {
          throw new IOException("the archive wants to write " + file);
        }
        if (entry.isDirectory()) {
          Files.createDirectories(file);
        } else {
          Files.createDirectories(file.resolveSibling("."));
          Files.copy(program, file, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
    try (var parser = resource("cli/linux64-cspmf")) {
      Files.copy(parser, parser(), StandardCopyOption.REPLACE_EXISTING);
    }
    makeExecutable(parser());
    makeExecutable(home.resolve("probcli"));
  }

  private Path parser() {
    return home.resolve("lib/cspmf");
  }

  private static InputStream resource(String name) throws IOException {
    InputStream found = ProB.class.getClassLoader().getResourceAsStream(name);
    if (found == null) {
      throw new IOException("the artifact of ProB has no " + name);
    }
    return found;
  }

  private static void makeExecutable(Path file) throws IOException {
    if (!file.toFile().setExecutable(true)) {
      throw new IOException("cannot make executable: " + file);
    }
  }

  /** The parser was linked against libffi.so.6; later versions serve it as well. */
  private void linkLibffi() throws IOException, Unavailable {
    Path link = home.resolve("lib/libffi.so.6");
    if (Files.exists(link)) {
      return;
    }
    try (Stream<Path> files =
        Stream.of("/usr/lib/x86_64-linux-gnu", "/lib/x86_64-linux-gnu", "/usr/lib64", "/lib64")
            .map(Path::of)
            .filter(Files::isDirectory)
            .flatMap(ProB::list)) {
      Path libffi =
          files
              .filter(file -> file.getFileName().toString().matches("libffi\\.so\\.[678].*"))
              .sorted()
              .findFirst()
              .orElseThrow(() -> new Unavailable("there is no libffi (Debian: libffi8)"));
      Files.createSymbolicLink(link, libffi);
    }
  }

  private static Stream<Path> list(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList().stream();
    } catch (IOException _) {
      return Stream.of();
    }
  }

  private void tryParser() throws IOException, InterruptedException, Unavailable {
    var output = Files.createTempFile(home, "parser", ".txt");
    try {
      Process process = start(output, parser().toString(), "--help");
      process.waitFor();
      String said = Files.readString(output, StandardCharsets.ISO_8859_1);
      if (said.contains("error while loading shared libraries")) {
        throw new Unavailable(said.strip());
      }
    } finally {
      Files.delete(output);
    }
  }

  /**
   * Asks whether an assertion holds.
   *
   * @param model the file
   * @param assertion as it stands there, without {@code assert}
   * @param most how long it may take
   * @throws IllegalStateException it has come to no verdict
   */
  Verdict check(Path model, String assertion, Duration most)
      throws IOException, InterruptedException {
    Path folder = copyOf(model.resolveSibling("."));
    Path output = folder.resolve("said.txt");
    long start = System.nanoTime();
    Process process =
        start(
            output,
            home.resolve("probcli").toString(),
            "-csp_assertion",
            assertion,
            folder.resolve(model.getFileName()).toString());
    try {
      if (!process.waitFor(most.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException(
            "ProB has not decided within " + most + ": " + model + ": " + assertion);
      }
      String said = Files.readString(output, StandardCharsets.ISO_8859_1);
      return verdict(said, Duration.ofNanos(System.nanoTime() - start), model + ": " + assertion);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
  }

  /** It writes beside the model, so that each check has files of its own. */
  private Path copyOf(Path models) throws IOException {
    Path folder = Files.createTempDirectory(home, "check");
    try (Stream<Path> files = Files.list(models)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".csp")).toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
    return folder;
  }

  private static Verdict verdict(String said, Duration time, String what) {
    if (said.contains("Check Successful")) {
      return new Verdict(true, List.of(), time, said);
    }
    if (said.contains("Check Failed")) {
      return new Verdict(false, trace(said), time, said);
    }
    throw new IllegalStateException("ProB gives no verdict on " + what + ":\n" + said);
  }

  private static List<String> trace(String said) {
    var line = COUNTEREXAMPLE.matcher(said);
    List<String> trace = new ArrayList<>();
    if (line.find()) {
      var event = EVENT.matcher(line.group().replaceFirst(", ?(At_last_step|Trace_of).*", ""));
      while (event.find()) {
        if (!event.group(1).equals("tau")) {
          trace.add(event.group(1));
        }
      }
    }
    return trace;
  }

  private Process start(Path output, String... command) throws IOException {
    var builder =
        new ProcessBuilder(command)
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder.environment().put("PROB_HOME", home.toString());
    builder.environment().put("LD_LIBRARY_PATH", home.resolve("lib").toString());
    return builder.start();
  }
}
