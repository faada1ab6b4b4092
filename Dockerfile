# syntax=docker/dockerfile:1

# --- The distribution, built from the sources ------------------------------------------------------
FROM maven:3.9.9-eclipse-temurin-17 AS build
WORKDIR /src
COPY pom.xml LICENSE README.md CHANGELOG.md ./
COPY docs docs
COPY conf conf
COPY proxy-testkit proxy-testkit
COPY proxy-config proxy-config
COPY proxy-pki proxy-pki
COPY proxy-core proxy-core
COPY proxy-admin proxy-admin
COPY proxy-app proxy-app
COPY proxy-bench proxy-bench
RUN mvn -q -B -DskipTests package -pl proxy-app -am \
 && mkdir /dist \
 && tar -xzf proxy-app/target/lockgate-*.tar.gz -C /dist --strip-components=1

# --- A Java runtime with the modules that Lockgate uses, and no more (scripts/check-image runs it so) --
FROM eclipse-temurin:25.0.1_8-jdk-noble AS runtime
RUN jlink --output /opt/java/lockgate \
      --add-modules java.base,java.logging,java.management,java.naming,java.net.http,java.xml,jdk.crypto.ec,jdk.httpserver,jdk.management,jdk.unsupported \
      --strip-debug --no-header-files --no-man-pages --compress zip-6 --generate-cds-archive

# --- What runs -------------------------------------------------------------------------------------
FROM debian:12.12-slim
RUN groupadd --system --gid 10001 lockgate \
 && useradd --system --uid 10001 --gid lockgate --home-dir /var/lib/lockgate --shell /usr/sbin/nologin lockgate \
 && install -d -o lockgate -g lockgate /var/lib/lockgate /etc/lockgate
COPY --from=runtime /opt/java/lockgate /opt/java/lockgate
COPY --from=build /dist /opt/lockgate
# Makes every start of a container faster; see "lockgate prepare" in docs/operations.md.
RUN LOCKGATE_JAVA=/opt/java/lockgate /opt/lockgate/bin/lockgate prepare
ENV LOCKGATE_JAVA=/opt/java/lockgate \
    PATH=/opt/lockgate/bin:$PATH
USER 10001:10001
WORKDIR /var/lib/lockgate
VOLUME ["/var/lib/lockgate"]
EXPOSE 8443 8080
STOPSIGNAL SIGTERM
# Nothing is written outside /var/lib/lockgate, so the root file system may be read-only.
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s --retries=3 CMD ["lockgate", "status", "-c", "/etc/lockgate/lockgate.conf"]
ENTRYPOINT ["lockgate"]
CMD ["run", "-c", "/etc/lockgate/lockgate.conf"]
