package dev.sluice.csp.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.FutureTask;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every program in the README of the channels compiles, runs, and prints what stands below it: the
 * blocks that begin with {@code ```java example}, each followed by one that begins with {@code
 * ```}.
 */
@NoLeaks
class ReadmeTest {
  private static final Path README = Path.of("..", "core", "README.md");
  private static final Pattern EXAMPLE =
      Pattern.compile("```java example\\n(.*?)```\\n\\n```\\n(.*?)```\\n", Pattern.DOTALL);

  private record Example(String title, String program, String prints) {}

  @TestFactory
  Stream<DynamicTest> prints() throws Exception {
    return examples().stream()
        .map(example ->
            DynamicTest.dynamicTest(
                example.title(),
                () -> assertEquals(example.prints(), outputOf(example.program()))));
  }

  @Test
  void noExampleIsLeftOut() throws Exception {
    assertEquals(10, examples().size());
    assertEquals(examples().size(), Pattern.compile("```java").splitAsStream(readme()).count() - 1);
  }

  private static List<Example> examples() throws Exception {
    String readme = readme();
    var examples = new ArrayList<Example>();
    var matcher = EXAMPLE.matcher(readme);
    while (matcher.find()) {
      String before = readme.substring(0, matcher.start()).strip();
      String title = before.substring(before.lastIndexOf('\n') + 1);
      examples.add(new Example(title, matcher.group(1), matcher.group(2)));
    }
    return examples;
  }

  private static String readme() throws Exception {
    return Files.readString(README);
  }

  /** Runs it as {@code java Example.java} would, on a thread named {@code main}. */
  private static String outputOf(String program) throws Exception {
    Class<?> example = compile(program).loadClass("Example");
    var constructor = example.getDeclaredConstructor();
    var main = example.getDeclaredMethod("main");
    constructor.setAccessible(true);
    main.setAccessible(true);
    var run = new FutureTask<>(() -> main.invoke(constructor.newInstance()));
    var printed = new ByteArrayOutputStream();
    PrintStream out = System.out;
    System.setOut(new PrintStream(printed, true, UTF_8));
    try {
      Thread.ofPlatform().daemon().name("main").start(run);
      run.get();
    } finally {
      System.setOut(out);
    }
    return printed.toString(UTF_8).replace(System.lineSeparator(), "\n");
  }

  private static ClassLoader compile(String program) throws Exception {
    var compiler = ToolProvider.getSystemJavaCompiler();
    var problems = new DiagnosticCollector<JavaFileObject>();
    try (var standard = compiler.getStandardFileManager(problems, null, null)) {
      var classes = new ClassesInMemory(standard);
      var options =
          List.of("-Xlint:all", "-proc:none", "-cp", System.getProperty("java.class.path"));
      compiler.getTask(null, classes, problems, options, null, List.of(new Source(program))).call();
      assertTrue(problems.getDiagnostics().isEmpty(), () -> problems.getDiagnostics().toString());
      return classes.loader();
    }
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String text) {
      super(URI.create("memory:///Example.java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  private static final class ClassesInMemory extends ForwardingJavaFileManager<JavaFileManager> {
    private final Map<String, ByteArrayOutputStream> classes = new HashMap<>();

    ClassesInMemory(JavaFileManager standard) {
      super(standard);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
      return new SimpleJavaFileObject(URI.create("memory:///" + name + kind.extension), kind) {
        @Override
        public ByteArrayOutputStream openOutputStream() {
          var written = new ByteArrayOutputStream();
          classes.put(name, written);
          return written;
        }
      };
    }

    ClassLoader loader() {
      return new ClassLoader(ReadmeTest.class.getClassLoader()) {
        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
          if (!classes.containsKey(name)) {
            throw new ClassNotFoundException(name);
          }
          byte[] code = Objects.requireNonNull(classes.get(name)).toByteArray();
          return defineClass(name, code, 0, code.length);
        }
      };
    }
  }
}
