package dev.sluice.cookbook;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.csp.testkit.NoLeaks;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@NoLeaks
@Timeout(60)
class DirectionsTest {
  @TempDir Path classes;

  @Test
  void theConsumerReceivesOneToHundred() throws InterruptedException {
    assertEquals(5050, Directions.sumUpTo(100));
    assertEquals(0, Directions.sumUpTo(0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"out.send(1);", "out.close();", "in.receive();", "for (int number : in) {}"})
  void whatKeepsToTheDirectionCompiles(String statement) throws IOException {
    assertEquals(List.of(), errors(statement));
  }

  @ParameterizedTest
  @ValueSource(strings = {"out.receive();", "out.receiveOrNull();", "in.send(1);", "in.close();"})
  void whatGoesAgainstItDoesNot(String statement) throws IOException {
    var errors = errors(statement);
    assertEquals(1, errors.size(), errors::toString);
    assertEquals("compiler.err.cant.resolve.location.args", errors.getFirst().getCode());
    assertEquals(4, errors.getFirst().getLineNumber());
  }

  /** What the compiler says to a generator and a consumer that contain this statement. */
  private List<Diagnostic<? extends JavaFileObject>> errors(String statement) throws IOException {
    var source =
        """
        import dev.sluice.csp.*;
        class Snippet {
          void run(SendChannel<Integer> out, ReceiveChannel<Integer> in) throws Exception {
            %s
          }
        }
        """
            .formatted(statement);
    var compiler = ToolProvider.getSystemJavaCompiler();
    var problems = new DiagnosticCollector<JavaFileObject>();
    try (var files = compiler.getStandardFileManager(problems, Locale.ROOT, null)) {
      files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(classes));
      var options = List.of("-proc:none", "-cp", System.getProperty("java.class.path"));
      compiler.getTask(null, files, problems, options, null, List.of(new Source(source))).call();
    }
    return problems.getDiagnostics().stream()
        .filter(problem -> problem.getKind() == Diagnostic.Kind.ERROR)
        .toList();
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String text) {
      super(URI.create("memory:///Snippet.java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
