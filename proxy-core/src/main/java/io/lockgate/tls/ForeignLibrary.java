package io.lockgate.tls;

import java.lang.invoke.MethodHandle;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.util.Optional;

/**
 * A shared library of the system whose functions are called by the virtual machine itself (JEP 454,
 * Java 22 and newer), looked up by reflection since an older Java has none of it. Pointers are
 * {@code long}s; nothing checks that a function has the parameters it is said to have.
 */
final class ForeignLibrary {
  private static final String PACKAGE = "java.lang.foreign.";

  /** Versions before have something of the same name, as a preview. */
  private static final int FIRST_JAVA = 22;

  private final Object linker;
  private final Object symbols;
  private final Method find;
  private final Method downcall;
  private final Method descriptor;
  private final Method descriptorWithoutResult;
  private final Class<?> layout;
  private final Class<?> option;

  private ForeignLibrary(String file) throws ReflectiveOperationException {
    Class<?> linkers = Class.forName(PACKAGE + "Linker");
    Class<?> arenas = Class.forName(PACKAGE + "Arena");
    Class<?> lookups = Class.forName(PACKAGE + "SymbolLookup");
    Class<?> descriptors = Class.forName(PACKAGE + "FunctionDescriptor");
    option = Class.forName(PACKAGE + "Linker$Option");
    layout = Class.forName(PACKAGE + "MemoryLayout");
    linker = linkers.getMethod("nativeLinker").invoke(null);
    symbols =
        lookups
            .getMethod("libraryLookup", String.class, arenas)
            .invoke(null, file, arenas.getMethod("global").invoke(null));
    find = lookups.getMethod("find", String.class);
    descriptor = descriptors.getMethod("of", layout, layout.arrayType());
    descriptorWithoutResult = descriptors.getMethod("ofVoid", layout.arrayType());
    downcall =
        linkers.getMethod(
            "downcallHandle",
            Class.forName(PACKAGE + "MemorySegment"),
            descriptors,
            option.arrayType());
  }

  /**
   * The library, loaded for good; empty where this Java cannot call it or the system has none.
   * Reads files.
   *
   * @param file by its name alone, to be found where the system looks for libraries
   */
  static Optional<ForeignLibrary> load(String file) {
    if (Runtime.version().feature() < FIRST_JAVA) {
      return Optional.empty();
    }
    try {
      return Optional.of(new ForeignLibrary(file));
    } catch (ReflectiveOperationException | LinkageError e) {
      return Optional.empty();
    }
  }

  /**
   * A function, to be called with exactly these types, each {@code long} or {@code int}.
   *
   * @throws ReflectiveOperationException if the library has none of that name
   */
  MethodHandle function(String name, Class<?> result, Class<?>... parameters)
      throws ReflectiveOperationException {
    return handle(name, descriptor.invoke(null, layoutOf(result), layouts(parameters)));
  }

  /**
   * The same for a function without a result.
   *
   * @throws ReflectiveOperationException if the library has none of that name
   */
  MethodHandle procedure(String name, Class<?>... parameters) throws ReflectiveOperationException {
    return handle(name, descriptorWithoutResult.invoke(null, layouts(parameters)));
  }

  private MethodHandle handle(String name, Object described) throws ReflectiveOperationException {
    Object address =
        ((Optional<?>) find.invoke(symbols, name))
            .orElseThrow(() -> new NoSuchMethodException(name));
    return (MethodHandle) downcall.invoke(linker, address, described, Array.newInstance(option, 0));
  }

  private Object layouts(Class<?>... types) throws ReflectiveOperationException {
    Object layouts = Array.newInstance(layout, types.length);
    for (int i = 0; i < types.length; i++) {
      Array.set(layouts, i, layoutOf(types[i]));
    }
    return layouts;
  }

  private static Object layoutOf(Class<?> type) throws ReflectiveOperationException {
    return Class.forName(PACKAGE + "ValueLayout")
        .getField(type == long.class ? "JAVA_LONG" : "JAVA_INT")
        .get(null);
  }
}
