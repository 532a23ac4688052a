package dev.sluice.extension;

import io.quarkus.runtime.ImageMode;
import jakarta.annotation.Priority;
import jakarta.inject.Inject;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Has executables prepare the OpenAPI document when somebody first asks for it. Quarkus parses it
 * and writes it again at each start, as JSON and as YAML: a sixth of an executable's start, and
 * megabytes. A JVM, which starts in seconds, goes on so: asked early it is slow, and the asker's
 * event loop would have to wait.
 */
@Deferred
@Interceptor
@Priority(Interceptor.Priority.APPLICATION)
public class DeferredOpenApi {
  private static final String PREPARE = "prepareDocument";

  private final boolean defers;
  private final Queue<InvocationContext> deferred = new ArrayDeque<>();

  /** Defers in executables alone. */
  @Inject
  public DeferredOpenApi() {
    this(ImageMode.current().isNativeImage());
  }

  DeferredOpenApi(boolean defers) {
    this.defers = defers;
  }

  @AroundInvoke
  synchronized @Nullable Object around(InvocationContext call) throws Exception {
    if (defers && call.getMethod().getName().equals(PREPARE)) {
      deferred.add(call);
      return null;
    }
    for (InvocationContext next = deferred.peek(); next != null; next = deferred.peek()) {
      next.proceed();
      deferred.remove();
    }
    return call.proceed();
  }
}
