package dev.sluice.csp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The compiler holds the data-flow: what has one direction of a channel cannot use the other. */
class ChannelDirectionTest {
  private static final String HEAD =
      """
      import dev.sluice.csp.*;
      class Snippet {
        void run(SendChannel<Integer> out, ReceiveChannel<Integer> in) throws Exception {
      """;

  @TempDir Path folder;

  @Test
  void eachDirectionHasItsOwnOperations() throws Exception {
    assertEquals(
        List.of(),
        refused(
            "out.send(1);",
            "out.trySend(1);",
            "out.close();",
            "in.receive();",
            "in.tryReceive();",
            "for (Integer value : in) {}",
            "Select.fair().send(out);",
            "Select.fair().receive(in);"));
  }

  @Test
  void andNoneOfTheOther() throws Exception {
    String[] misuses = {
      "out.receive();",
      "out.receiveOrNull();",
      "out.tryReceive();",
      "out.drainTo(new java.util.ArrayList<>(), 1);",
      "for (Integer value : out) {}",
      "in.send(1);",
      "in.trySend(1);",
      "in.close();",
      "Select.fair().receive(out);",
      "Select.fair().send(in);",
      "out = in;",
      "in = out;"
    };
    assertEquals(List.of(misuses), refused(misuses));
  }

  /** Those of the statements that the compiler refuses. */
  private List<String> refused(String... statements) throws Exception {
    String errors = compile(HEAD + String.join("\n", statements) + "\n}}");
    var refused = new ArrayList<String>();
    for (int i = 0; i < statements.length; i++) {
      if (errors.contains("Snippet.java:" + (i + 4) + ":")) {
        refused.add(statements[i]);
      }
    }
    assertEquals(errors.isEmpty(), refused.isEmpty(), errors);
    return refused;
  }

  /** Answers the compiler's errors. */
  private String compile(String program) throws Exception {
    Path source = folder.resolve("Snippet.java");
    Files.writeString(source, program);
    String path =
        System.getProperty("java.class.path")
            + File.pathSeparator
            + System.getProperty("jdk.module.path", "");
    var errors = new StringWriter();
    var writer = new PrintWriter(errors, true);
    ToolProvider.findFirst("javac")
        .orElseThrow()
        .run(
            writer,
            writer,
            "-nowarn",
            "-proc:none",
            "-cp",
            path,
            "-d",
            folder.toString(),
            source.toString());
    return errors.toString();
  }
}
