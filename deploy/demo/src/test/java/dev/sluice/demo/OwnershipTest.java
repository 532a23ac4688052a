package dev.sluice.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.reflect.AccessFlag;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every piece of mutable state has one owner, a process, so there is nothing to lock: read from the
 * byte code, where a synchronized block shows too.
 */
class OwnershipTest {

  private static final List<String> FORBIDDEN =
      List.of(
          "java/lang/Thread",
          "java/util/concurrent/Concurrent",
          "java/util/concurrent/CopyOnWrite",
          "java/util/concurrent/atomic/",
          "java/util/concurrent/locks/");

  @Test
  void theDemoSharesNothing() throws Exception {
    List<String> breaches = new ArrayList<>();
    int classes = 0;
    try (Stream<Path> files = Files.walk(home(Demo.class))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".class")).toList()) {
        breaches.addAll(breaches(file));
        classes++;
      }
    }
    assertEquals(List.of(), breaches);
    assertTrue(classes > 20, "only " + classes + " classes found");
  }

  @Test
  void aBreachIsSeen() throws Exception {
    String name = Breach.class.getName();
    Path file = home(Breach.class).resolve(name.replace('.', '/') + ".class");

    assertEquals(
        List.of(
            name + " uses java.util.concurrent.atomic.AtomicInteger",
            name + ".block enters a monitor",
            name + ".method is synchronized"),
        breaches(file).stream().distinct().sorted().toList());
  }

  private static List<String> breaches(Path file) throws IOException {
    ClassModel type = ClassFile.of().parse(file);
    String name = type.thisClass().asInternalName().replace('/', '.');
    List<String> breaches = new ArrayList<>();
    type.constantPool()
        .forEach(entry -> {
          if (entry instanceof ClassEntry used
              && FORBIDDEN.stream().anyMatch(used.asInternalName()::startsWith)) {
            breaches.add(name + " uses " + used.asInternalName().replace('/', '.'));
          }
        });
    for (MethodModel method : type.methods()) {
      String where = name + "." + method.methodName().stringValue();
      if (method.flags().has(AccessFlag.SYNCHRONIZED)) {
        breaches.add(where + " is synchronized");
      }
      method
          .code()
          .ifPresent(code ->
              code.forEach(element -> {
                if (element instanceof MonitorInstruction) {
                  breaches.add(where + " enters a monitor");
                }
              }));
    }
    return breaches;
  }

  private static Path home(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  /** What the rule forbids, in each of its forms. */
  @SuppressWarnings("unused")
  private static final class Breach {
    private final AtomicInteger count = new AtomicInteger();

    synchronized int method() {
      return count.get();
    }

    int block() {
      synchronized (count) {
        return count.get();
      }
    }
  }
}
