package dev.sluice.service.testing;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;

/** What the gRPC compiler wrote lives in a package of its own, {@code ...grpc} or {@code ...v1}. */
final class Generated {
  private Generated() {}

  static DescribedPredicate<JavaClass> handWritten() {
    return DescribedPredicate.describe("are written by hand", type -> !isGenerated(type));
  }

  static boolean isGenerated(JavaClass type) {
    return type.getPackageName().matches(".*\\.(grpc|v[0-9]+)");
  }
}
