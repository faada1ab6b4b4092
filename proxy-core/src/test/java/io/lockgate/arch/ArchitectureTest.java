package io.lockgate.arch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.lockgate.proxy.Proxy;
import org.junit.jupiter.api.Test;

/** What the packages may know of each other and of the world. */
class ArchitectureTest {
  private static final String ROOT = "io.lockgate.";
  private static final JavaClasses CLASSES = ours();

  /** The names of foreign classes say enough; reading them as well would take long. */
  private static JavaClasses ours() {
    ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
    return new ClassFileImporter()
        .importUrl(Proxy.class.getProtectionDomain().getCodeSource().getLocation());
  }

  @Test
  void packagesDependOnEachOtherInOneDirectionOnly() {
    slices().matching(ROOT + "(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void whatIsNeutralKnowsNoChannels() {
    noClasses()
        .that()
        .resideInAnyPackage(ROOT + "http..", ROOT + "route..", ROOT + "exchange..")
        .should()
        .dependOnClassesThat()
        .haveNameMatching("io\\.netty\\.channel\\.Channel(HandlerContext)?")
        .check(CLASSES);
  }

  @Test
  void anExchangeKnowsNothingOfWhatIsAroundIt() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + "exchange..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            ROOT + "client..", ROOT + "listen..", ROOT + "snapshot..", ROOT + "metrics..")
        .check(CLASSES);
  }

  @Test
  void onlyTheCompositionRootKnowsItsObservers() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + "proxy..", ROOT + "metrics..", ROOT + "accesslog..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ROOT + "metrics..", ROOT + "accesslog..")
        .check(CLASSES);
  }

  @Test
  void onlyTlsKnowsTheEngine() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "tls..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.netty.handler.ssl..", "io.netty.internal.tcnative..")
        .check(CLASSES);
  }

  @Test
  void onlyWhoSpeaksHttp2KnowsItsFrames() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + "http2..", ROOT + "client..", ROOT + "upstream..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.netty.handler.codec.http2..")
        .check(CLASSES);
  }

  /** What the kernel tells about the process and its processor only looks like files. */
  @Test
  void onlyTheAccessLogAndTicketSecretsTouchFiles() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + "accesslog..", ROOT + "ticket..")
        .and()
        .doNotHaveFullyQualifiedName(ROOT + "metrics.ProcessReadings")
        .and()
        .doNotHaveFullyQualifiedName(ROOT + "tls.SystemOpenSsl")
        .should()
        .dependOnClassesThat()
        .haveNameMatching(
            "java\\.nio\\.file\\.Files|java\\.nio\\.channels\\.FileChannel|java\\.io\\.File.*Stream"
                + "|java\\.io\\.File|java\\.io\\.File(Reader|Writer)|java\\.io\\.RandomAccessFile")
        .check(CLASSES);
  }

  @Test
  void onlyTheSnapshotBuilderAndTheRootReadConfigurationText() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + "snapshot..", ROOT + "proxy..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + "config.hocon..")
        .check(CLASSES);
  }

  /** Whoever sends a bomb of compression has it passed on as it is. */
  @Test
  void nothingIsEverDecompressed() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveNameMatching(
            ".*\\.(Inflater.*|GZIPInputStream|.*Decompress.*|Jdk?[Zz]lib(Decoder|Inflater)"
                + "|(Brotli|Zstd|Snappy|Lz4|Bzip2|Lzma).*(Decoder|InputStream))")
        .check(CLASSES);
  }

  @Test
  void nothingEndsTheProcess() {
    noClasses().should().callMethod(System.class, "exit", int.class).check(CLASSES);
    noClasses().should().callMethod(Runtime.class, "halt", int.class).check(CLASSES);
  }
}
