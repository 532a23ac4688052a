package dev.sluice.service.testing;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.Source;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvent;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.MonitorInstruction;

/** Finds synchronized blocks, which ArchUnit does not see: they are instructions, not modifiers. */
final class NoMonitors extends ArchCondition<JavaClass> {
  NoMonitors() {
    super("have no synchronized block");
  }

  @Override
  public void check(JavaClass type, ConditionEvents events) {
    type.getSource().map(NoMonitors::bytes).stream()
        .flatMap(bytes -> ClassFile.of().parse(bytes).methods().stream())
        .filter(NoMonitors::hasMonitor)
        .forEach(method -> events.add(violation(type, method)));
  }

  private static boolean hasMonitor(MethodModel method) {
    return method
        .code()
        .filter(code -> code.elementStream().anyMatch(MonitorInstruction.class::isInstance))
        .isPresent();
  }

  private static ConditionEvent violation(JavaClass type, MethodModel method) {
    return SimpleConditionEvent.violated(
        type,
        type.getName() + "." + method.methodName().stringValue() + " has a synchronized block");
  }

  private static byte[] bytes(Source source) {
    try (var in = source.getUri().toURL().openStream()) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
