package dev.sluice.mesh.api;

import dev.sluice.service.testing.GrpcClients;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import io.quarkus.test.junit.TestProfile;

@QuarkusIntegrationTest
@WithTestResource(GrpcClients.class)
@TestProfile(OnFile.class)
class RequestHttpOnFileNativeIT extends RequestHttpTest {}
