package dev.sluice.pool.api;

import dev.sluice.pool.config.FileServiceTest;
import dev.sluice.service.testing.GrpcClients;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import io.quarkus.test.junit.TestProfile;

@QuarkusIntegrationTest
@WithTestResource(GrpcClients.class)
@TestProfile(FileServiceTest.OnFile.class)
class WorkHttpOnFileNativeIT extends WorkHttpTest {}
