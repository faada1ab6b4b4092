package io.lockgate.config.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom rules let in: RFC 9525 for names of hosts, RFC 5280 for the others, SPIFFE-ID for IDs. */
class AllowRuleTest {
  private static final String HEX =
      "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

  @ParameterizedTest
  @CsvSource({
    "dns:a.example, a.example, true",
    "dns:A.Example, a.EXAMPLE, true",
    "dns:a.example, b.a.example, false",
    "dns:*.partners.example, a.partners.example, true",
    "dns:*.partners.example, A.Partners.example, true",
    "dns:*.partners.example, partners.example, false",
    "dns:*.partners.example, a.b.partners.example, false",
    "dns:*.partners.example, apartners.example, false",
    "dns:*.partners.example, .partners.example, false",
    // No client has the name of a wildcard.
    "dns:*.partners.example, *.partners.example, false",
    "dns:a.partners.example, *.partners.example, false",
  })
  void comparesDnsNames(String rule, String presented, boolean allowed) {
    assertThat(AllowRule.parse(rule).allows(dns(presented))).isEqualTo(allowed);
  }

  @ParameterizedTest
  @CsvSource({
    "spiffe://corp/billing, spiffe://corp/billing, true",
    "spiffe://corp/billing, spiffe://corp/billing/a, false",
    "spiffe://corp/billing, spiffe://corp/Billing, false",
    "spiffe://corp/billing, spiffe://corp.example/billing, false",
    "spiffe://corp/billing/*, spiffe://corp/billing/a, true",
    "spiffe://corp/billing/*, spiffe://corp/billing/a/b, true",
    "spiffe://corp/billing/*, spiffe://corp/billing, false",
    "spiffe://corp/billing/*, spiffe://corp/billing/, false",
    "spiffe://corp/billing/*, spiffe://corp/billings/a, false",
    "spiffe://corp/*, spiffe://corp/anything/else, true",
    "spiffe://corp/*, spiffe://corporation/a, false",
  })
  void comparesSpiffeIds(String rule, String presented, boolean allowed) {
    AllowRule.Names names =
        new AllowRule.Names(
            Optional.of(presented), List.of(), List.of(), new X500Principal("CN=x"), HEX);
    assertThat(AllowRule.parse(rule).allows(names)).isEqualTo(allowed);
  }

  @ParameterizedTest
  @CsvSource({
    "email:ann@example.com, ann@EXAMPLE.com, true",
    // RFC 5321 section 2.4: the local part is the domain's to interpret.
    "email:ann@example.com, Ann@example.com, false",
    "email:@example.com, bob@example.com, true",
    "email:@example.com, bob@sub.example.com, false",
    "email:@example.com, bob@evil@example.org, false",
    "email:@example.com, @example.com, false",
  })
  void comparesMailboxes(String rule, String presented, boolean allowed) {
    AllowRule.Names names =
        new AllowRule.Names(
            Optional.empty(), List.of(), List.of(presented), new X500Principal("CN=x"), HEX);
    assertThat(AllowRule.parse(rule).allows(names)).isEqualTo(allowed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "subject:CN=billing,O=Corp | CN=billing,O=Corp | true",
        "subject:CN=billing, O=Corp | CN=Billing,O=corp | true",
        "subject:CN=billing,O=Corp | O=Corp,CN=billing | false",
        "subject:CN=billing | CN=billing,O=Corp | false",
        "subject:CN=a\\,b | CN=a\\,b | true",
      })
  void comparesWholeSubjects(String rule, String presented, boolean allowed) {
    AllowRule.Names names =
        new AllowRule.Names(
            Optional.empty(), List.of(), List.of(), new X500Principal(presented), HEX);
    assertThat(AllowRule.parse(rule).allows(names)).isEqualTo(allowed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sha256:00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
        "sha256:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF"
            + ":00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF",
      })
  void comparesFingerprintsHoweverTheyAreWritten(String rule) {
    assertThat(AllowRule.parse(rule).allows(dns("a.example"))).isTrue();
    assertThat(AllowRule.parse(rule.replace("00", "01")).allows(dns("a.example"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a.example",
        "uri:a",
        "dns:",
        "dns:*",
        "dns:*.com",
        "dns:a*.example.com",
        "dns:a.*.example.com",
        "dns:::1",
        "email:ann",
        "email:a@b@c.example",
        "email:@",
        "email:@*.example.com",
        "subject:",
        "subject:nobody",
        "sha256:00",
        "sha256:zz112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
        "spiffe://",
        "spiffe://Corp/a",
        "spiffe://corp/",
        "spiffe://corp//a",
        "spiffe://corp/../a",
        "spiffe://corp/a/*/b",
        "spiffe://corp/a*",
      })
  void refusesWhatIsNoRule(String text) {
    assertThatThrownBy(() -> AllowRule.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spiffe://corp/a",
        "spiffe://corp/*",
        "dns:*.example.com",
        "email:a@example.com",
        "email:@example.com",
        "subject:CN=a,O=b",
      })
  void isWrittenAsItIsRead(String text) {
    assertThat(AllowRule.parse(text)).hasToString(text);
  }

  private static AllowRule.Names dns(String name) {
    return new AllowRule.Names(
        Optional.empty(), List.of(name), List.of(), new X500Principal("CN=x"), HEX);
  }
}
