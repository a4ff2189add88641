# Petrel, in two stages: Maven builds it on the oldest JDK that it knows, a JRE alone runs it.
# Behind each tag you may pin the digest that your registry shows (@sha256:…); then your bot renews both.

FROM maven:3.9.11-eclipse-temurin-17 AS build
WORKDIR /src
# what Maven fetches, and target/lib, stay cached as long as the pom does
COPY pom.xml ./
COPY .mvn .mvn
RUN mvn -B -ntp -Dmaven.test.skip=true package
COPY src/main src/main
RUN mvn -B -ntp -Dmaven.test.skip=true package

FROM eclipse-temurin:25.0.3_9-jre-noble
WORKDIR /app
# libraries change seldom, and are nearly all of it: a layer apart from our own jar
COPY --from=build /src/target/lib lib
COPY LICENSE ./
COPY --from=build /src/target/bom.json /src/target/petrel.jar ./
ARG VERSION=0.1.0-SNAPSHOT
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Petrel" \
      org.opencontainers.image.description="A gateway for one-time codes by SMS" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="docker.io/library/eclipse-temurin:25.0.3_9-jre-noble"
# a number, so that Kubernetes can see that it is not root; nobody owns a file here, and nothing is written but to /tmp
USER 10001:10001
EXPOSE 8080 8081
# drains, commits and leaves within shutdown.drain and ten seconds
STOPSIGNAL SIGTERM
# glibc gives threads arenas of their own, eight for each core of the node, and keeps what they free: with that a container
# outgrows its memory by and by, and who is killed for it sends codes twice
ENV MALLOC_ARENA_MAX=2
# Three fifths of the container's memory are heap; the rest is for threads, code, and buffers of Netty and Kafka.
# Parallel by name: with such heaps a request costs a fifth more CPU with G1 (docs/performance.md), and Serial, which the JVM
# takes for less than 1.8 GB, stands still for longer.
# Add your own options with the variable JDK_JAVA_OPTIONS.
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=60", "-XX:+UseParallelGC", "-XX:+ExitOnOutOfMemoryError", "--sun-misc-unsafe-memory-access=allow", "-jar", "/app/petrel.jar"]
CMD ["--config", "/etc/petrel/petrel.yaml"]
