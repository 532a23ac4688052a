package dev.sluice.service.testing;

import static com.tngtech.archunit.core.domain.JavaModifier.SYNCHRONIZED;
import static com.tngtech.archunit.core.domain.JavaModifier.VOLATILE;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static dev.sluice.service.testing.Generated.handWritten;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Set;

/**
 * The rule of ownership: every piece of mutable state has one owner, a sequential process, and all
 * others send it messages. What threads share state with has no place in a service.
 */
final class OwnershipRules {
  private static final Set<String> SHARING =
      Set.of(
          "java.lang.invoke.VarHandle",
          "java.util.concurrent.ConcurrentHashMap",
          "java.util.concurrent.ConcurrentMap",
          "java.util.concurrent.ConcurrentNavigableMap",
          "java.util.concurrent.ConcurrentSkipListMap",
          "java.util.concurrent.ConcurrentSkipListSet",
          "java.util.concurrent.ConcurrentLinkedQueue",
          "java.util.concurrent.ConcurrentLinkedDeque",
          "java.util.concurrent.CopyOnWriteArrayList",
          "java.util.concurrent.CopyOnWriteArraySet",
          "java.util.concurrent.BlockingQueue",
          "java.util.concurrent.BlockingDeque",
          "java.util.concurrent.TransferQueue",
          "java.util.concurrent.ArrayBlockingQueue",
          "java.util.concurrent.LinkedBlockingQueue",
          "java.util.concurrent.LinkedBlockingDeque",
          "java.util.concurrent.PriorityBlockingQueue",
          "java.util.concurrent.DelayQueue",
          "java.util.concurrent.SynchronousQueue",
          "java.util.concurrent.LinkedTransferQueue",
          "java.util.concurrent.Semaphore",
          "java.util.concurrent.CountDownLatch",
          "java.util.concurrent.CyclicBarrier",
          "java.util.concurrent.Phaser",
          "java.util.concurrent.Exchanger");

  private static final DescribedPredicate<JavaClass> SHARES_STATE =
      DescribedPredicate.describe(
          "locks, atomics or concurrent collections", OwnershipRules::sharesState);

  private OwnershipRules() {}

  static List<ArchRule> all() {
    return List.of(
        noMethods()
            .that()
            .areDeclaredInClassesThat(handWritten())
            .should()
            .haveModifier(SYNCHRONIZED)
            .as("ownership: no method is synchronized")
            .allowEmptyShould(true),
        classes()
            .that(handWritten())
            .should(new NoMonitors())
            .as("ownership: there is no synchronized block"),
        noFields()
            .that()
            .areDeclaredInClassesThat(handWritten())
            .should()
            .haveModifier(VOLATILE)
            .as("ownership: no field is volatile")
            .allowEmptyShould(true),
        noClasses()
            .that(handWritten())
            .should()
            .dependOnClassesThat(are(SHARES_STATE))
            .as("ownership: there are no locks, atomics or concurrent collections"));
  }

  private static boolean sharesState(JavaClass type) {
    var inPackage = type.getPackageName();
    return inPackage.equals("java.util.concurrent.locks")
        || inPackage.equals("java.util.concurrent.atomic")
        || SHARING.contains(type.getName());
  }
}
