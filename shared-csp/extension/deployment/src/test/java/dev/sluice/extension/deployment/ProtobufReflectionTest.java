package dev.sluice.extension.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.Field;
import com.google.protobuf.NullValue;
import com.google.protobuf.Timestamp;
import io.quarkus.deployment.builditem.CombinedIndexBuildItem;
import io.quarkus.deployment.builditem.nativeimage.ReflectiveClassConditionBuildItem;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jboss.jandex.Index;
import org.junit.jupiter.api.Test;

class ProtobufReflectionTest {
  @Test
  void messagesBuildersAndEnumsAreKeptOutAndNothingElse() throws Exception {
    var index =
        Index.of(
            Timestamp.class,
            Timestamp.Builder.class,
            NullValue.class,
            Field.Kind.class,
            List.class);
    List<ReflectiveClassConditionBuildItem> conditions = new ArrayList<>();

    new ProtobufReflection().keepOut(new CombinedIndexBuildItem(index, index), conditions::add);

    Set<String> kept = new TreeSet<>();
    conditions.forEach(condition -> kept.add(condition.getClassName()));
    assertEquals(
        Set.of(
            Timestamp.class.getName(),
            Timestamp.Builder.class.getName(),
            NullValue.class.getName(),
            Field.Kind.class.getName()),
        kept);
    conditions.forEach(
        condition -> assertEquals(ProtobufReflection.NEVER, condition.getTypeReachable()));
  }
}
