package dev.sluice.store.postgres;

import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import java.util.function.BooleanSupplier;
import org.postgresql.core.PGStream;
import org.postgresql.sspi.ISSPIClient;

/**
 * In a native executable PostgreSQL's driver does not log in by Windows' SSPI: that needs JNA,
 * which is not here, and an executable is linked with all that can be reached.
 */
@TargetClass(
    className = "org.postgresql.core.v3.ConnectionFactoryImpl",
    onlyWith = WithoutSspi.WithDriver.class)
final class WithoutSspi {
  private WithoutSspi() {}

  @Substitute
  @SuppressWarnings({"UnusedMethod", "UnusedVariable"}) // the driver calls it
  private static ISSPIClient createSSPI(
      PGStream stream, String spnServiceClass, boolean enableNegotiate) {
    throw new IllegalStateException("a native executable cannot log in by SSPI");
  }

  /** Some services have no PostgreSQL. */
  static final class WithDriver implements BooleanSupplier {
    @Override
    public boolean getAsBoolean() {
      return WithoutSspi.class.getClassLoader().getResource("org/postgresql/Driver.class") != null;
    }
  }
}
