package dev.sluice.extension.deployment;

import io.quarkus.deployment.annotations.BuildProducer;
import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.builditem.CombinedIndexBuildItem;
import io.quarkus.deployment.builditem.nativeimage.ReflectiveClassConditionBuildItem;
import java.util.List;

/**
 * Leaves protobuf's messages without reflection in executables.
 *
 * <p>Quarkus's gRPC extension registers all methods of all messages, their builders and enums: half
 * of all methods that an executable holds for reflection, 6 MB, and there is no setting for it. To
 * read and write messages protobuf calls what was generated. Reflection it needs to print one
 * ({@code toString}, {@code JsonFormat}), to look fields up by name, and to unpack an {@code Any}
 * by class; the services do none of these.
 *
 * @see <a href="https://quarkus.io/guides/grpc-service-implementation">Quarkus, gRPC</a>
 */
public final class ProtobufReflection {
  private static final List<String> ROOTS =
      List.of(
          "com.google.protobuf.GeneratedMessage", "com.google.protobuf.GeneratedMessage$Builder");
  private static final String ENUM = "com.google.protobuf.ProtocolMessageEnum";

  /** A registration holds only if this type is in the executable; it is in none. */
  static final String NEVER = "dev.sluice.extension.Never";

  @BuildStep
  void keepOut(
      CombinedIndexBuildItem index, BuildProducer<ReflectiveClassConditionBuildItem> conditions) {
    var classes = index.getIndex();
    for (String root : ROOTS) {
      classes
          .getAllKnownSubclasses(root)
          .forEach(type -> produce(type.name().toString(), conditions));
    }
    classes
        .getAllKnownImplementations(ENUM)
        .forEach(type -> produce(type.name().toString(), conditions));
  }

  private static void produce(
      String type, BuildProducer<ReflectiveClassConditionBuildItem> conditions) {
    conditions.produce(new ReflectiveClassConditionBuildItem(type, NEVER));
  }
}
