package io.lockgate.config.hocon;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses OURS =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.lockgate.config");

  @Test
  void theHoconLibraryIsKnownToTheReaderAlone() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.lockgate.config.hocon")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.typesafe..")
        .check(OURS);
  }

  @Test
  void noTypeOfTheHoconLibraryLeavesThePackage() {
    List<String> leaks =
        OURS.stream()
            .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
            .flatMap(type -> type.getMethods().stream())
            .filter(method -> method.getModifiers().contains(JavaModifier.PUBLIC))
            .map(method -> method.getDescriptor() + " " + method.getFullName())
            .filter(signature -> signature.contains("com/typesafe"))
            .filter(signature -> !signature.contains("Shape$"))
            .toList();
    assertThat(leaks).isEmpty();
  }

  @Test
  void theModelKnowsNothingOfItsReader() {
    noClasses()
        .that()
        .resideInAPackage("io.lockgate.config.model")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.lockgate.config.hocon", "com.typesafe..")
        .check(OURS);
  }

  @Test
  void packagesDependOnEachOtherInOneDirection() {
    slices().matching("io.lockgate.(**)").should().beFreeOfCycles().check(OURS);
  }
}
