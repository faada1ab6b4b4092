package io.lockgate.app;

import io.lockgate.config.hocon.Spelling;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Every command of {@code lockgate}, found by name. Wrong usage is answered with what is wrong,
 * what may have been meant and the usage, and never does half a thing.
 */
final class CommandLineEntry {
  private static final Map<String, Function<Surroundings, Object>> COMMANDS = commands();

  private final Surroundings surroundings;

  CommandLineEntry(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  int execute(String... arguments) {
    if (arguments.length > 0 && isUnknown(arguments[0])) {
      return unknownCommand(arguments[0]);
    }
    return commandLine(arguments).execute(arguments);
  }

  private CommandLine commandLine(String... arguments) {
    CommandLine root = new CommandLine(new Root());
    // Reading a command's annotations takes longer than most commands do: only the one asked for.
    String asked = arguments.length == 0 ? "" : arguments[0];
    if (COMMANDS.containsKey(asked)) {
      root.addSubcommand(asked, COMMANDS.get(asked).apply(surroundings));
    } else {
      COMMANDS.forEach((name, command) -> root.addSubcommand(name, command.apply(surroundings)));
    }
    root.setOut(new PrintWriter(surroundings.out(), true, StandardCharsets.UTF_8));
    root.setErr(new PrintWriter(surroundings.err(), true, StandardCharsets.UTF_8));
    root.setColorScheme(
        CommandLine.Help.defaultColorScheme(surroundings.coloursAllowed() ? Ansi.ON : Ansi.OFF));
    root.setCaseInsensitiveEnumValuesAllowed(true);
    root.getCommandSpec().version("lockgate " + surroundings.version());
    root.setParameterExceptionHandler(this::wrongUsage);
    root.setExecutionExceptionHandler(this::failed);
    return root;
  }

  private static boolean isUnknown(String word) {
    return !word.startsWith("-") && !COMMANDS.containsKey(word);
  }

  private int unknownCommand(String word) {
    String meant =
        Spelling.nearest(word, COMMANDS.keySet())
            .map("; did you mean \"%s\"?"::formatted)
            .orElse("");
    surroundings.err().println("lockgate: unknown command \"" + word + "\"" + meant);
    commandLine().usage(surroundings.err(), Ansi.OFF);
    return ExitCode.WRONG_USAGE;
  }

  private int wrongUsage(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    surroundings.err().println("lockgate: " + decapitalized(e.getMessage()));
    if (e instanceof UnmatchedArgumentException unmatched) {
      unmatched.getSuggestions().stream()
          .findFirst()
          .ifPresent(meant -> surroundings.err().println("did you mean \"" + meant + "\"?"));
    }
    command.usage(surroundings.err(), Ansi.OFF);
    return ExitCode.WRONG_USAGE;
  }

  /** What a command could not foresee: one line, and the stack where somebody asked for it. */
  private int failed(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
    String what = e instanceof UncheckedIOException ? e.getMessage() : e.toString();
    surroundings.err().println("lockgate " + command.getCommandName() + ": " + what);
    if (surroundings.environment().containsKey("LOCKGATE_DEBUG")) {
      e.printStackTrace(surroundings.err());
    }
    return ExitCode.FAILED;
  }

  private static String decapitalized(String sentence) {
    return sentence.isEmpty()
        ? sentence
        : Character.toLowerCase(sentence.charAt(0)) + sentence.substring(1);
  }

  private static Map<String, Function<Surroundings, Object>> commands() {
    Map<String, Function<Surroundings, Object>> commands = new LinkedHashMap<>();
    commands.put("run", RunCommand::new);
    commands.put("check", CheckCommand::new);
    commands.put("config", ConfigCommand::new);
    commands.put("reload", ReloadCommand::new);
    commands.put("upgrade", UpgradeCommand::new);
    commands.put("drain", DrainCommand::new);
    commands.put("status", StatusCommand::new);
    commands.put("certs", CertsCommand::new);
    commands.put("clients", ClientsCommand::new);
    commands.put("probe", ProbeCommand::new);
    commands.put("explain", ExplainCommand::new);
    commands.put("version", VersionCommand::new);
    commands.put("prepare", PrepareCommand::new);
    commands.put("demo-origin", DemoOriginCommand::new);
    return commands;
  }

  @Command(
      name = "lockgate",
      mixinStandardHelpOptions = true,
      synopsisSubcommandLabel = "COMMAND",
      description = "A TLS-terminating reverse proxy for the edge.",
      footer = {
        "",
        "Exit codes: 0 good, 1 failed, 2 wrong usage, 75 try later, 78 the configuration is wrong."
      })
  static final class Root implements Runnable {
    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    @Override
    public void run() {
      throw new ParameterException(spec.commandLine(), "Which command?");
    }
  }
}
