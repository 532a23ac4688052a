package dev.sluice.extension;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.quarkus.smallrye.openapi.runtime.OpenApiDocumentService;
import jakarta.interceptor.InvocationContext;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeferredOpenApiTest {
  private final List<String> proceeded = new ArrayList<>();

  @Test
  void theDocumentIsPreparedOnceWhenItIsFirstAskedFor() throws Exception {
    var interceptor = new DeferredOpenApi(true);
    assertNull(interceptor.around(call("prepareDocument")));
    assertEquals(List.of(), proceeded);

    assertEquals("answer of getDocument", interceptor.around(call("getDocument")));
    assertEquals("answer of getDocument", interceptor.around(call("getDocument")));
    assertEquals(List.of("prepareDocument", "getDocument", "getDocument"), proceeded);
  }

  @Test
  void onTheJvmItIsPreparedAtOnce() throws Exception {
    var interceptor = new DeferredOpenApi(false);

    assertEquals("answer of prepareDocument", interceptor.around(call("prepareDocument")));
    assertEquals(List.of("prepareDocument"), proceeded);
  }

  /** A call of Quarkus's own method, so that it is noticed when it has another name. */
  private InvocationContext call(String name) {
    Method method =
        Arrays.stream(OpenApiDocumentService.class.getDeclaredMethods())
            .filter(each -> each.getName().equals(name))
            .findAny()
            .orElseThrow();
    return (InvocationContext)
        Proxy.newProxyInstance(
            InvocationContext.class.getClassLoader(),
            new Class<?>[] {InvocationContext.class},
            (proxy, asked, arguments) -> {
              if (asked.getName().equals("getMethod")) {
                return method;
              }
              proceeded.add(name);
              return "answer of " + name;
            });
  }
}
