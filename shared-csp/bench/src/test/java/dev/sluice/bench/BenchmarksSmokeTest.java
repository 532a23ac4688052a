package dev.sluice.bench;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/**
 * Runs each benchmark method once with each combination of its parameters, on few values. Each
 * method has a twin that takes their number and fails when one is lost.
 */
class BenchmarksSmokeTest {
  private static final int FEW = 128;

  private static final List<Class<?>> BENCHMARKS =
      List.of(
          RendezvousBench.class,
          BufferedBench.class,
          FanBench.class,
          RendezvousFanBench.class,
          PairsBench.class,
          ChainBench.class,
          PingPongBench.class,
          SelectBench.class,
          TryBench.class,
          ObservabilityBench.class);

  @TestFactory
  Stream<DynamicTest> everyBenchmarkMovesItsValues() {
    return BENCHMARKS.stream().flatMap(BenchmarksSmokeTest::tests);
  }

  private static Stream<DynamicTest> tests(Class<?> benchmark) {
    return Arrays.stream(benchmark.getMethods())
        .filter(method -> method.isAnnotationPresent(Benchmark.class))
        .flatMap(method -> combinations(benchmark).map(params -> test(method, params)));
  }

  private static DynamicTest test(Method method, Map<String, String> params) {
    Class<?> benchmark = method.getDeclaringClass();
    String name = benchmark.getSimpleName() + "." + method.getName() + params;
    return dynamicTest(
        name,
        () -> {
          Object instance = benchmark.getDeclaredConstructor().newInstance();
          for (var param : params.entrySet()) {
            Field field = benchmark.getField(param.getKey());
            field.set(
                instance,
                field.getType() == int.class
                    ? Integer.valueOf(param.getValue())
                    : param.getValue());
          }
          Method twin = benchmark.getDeclaredMethod(method.getName(), int.class);
          assertTrue((long) assertNonNull(twin.invoke(instance, FEW)) > 0);
          assertTrue(Labels.CONTESTANTS.contains(params.get("contestant")));
        });
  }

  private static Object assertNonNull(Object answer) {
    assertNotNull(answer);
    return answer;
  }

  /** All combinations of the values of the parameters. */
  private static Stream<Map<String, String>> combinations(Class<?> benchmark) {
    List<Map<String, String>> all = List.of(Map.of());
    for (Field field : benchmark.getFields()) {
      List<Map<String, String>> more = new ArrayList<>();
      for (Map<String, String> params : all) {
        for (String value : field.getAnnotation(Param.class).value()) {
          Map<String, String> longer = new TreeMap<>(params);
          longer.put(field.getName(), value);
          more.add(longer);
        }
      }
      all = more;
    }
    return all.stream();
  }
}
