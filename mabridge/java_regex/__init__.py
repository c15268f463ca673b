"""Regular expressions of Java 17 (`java.util.regex`), with Java's own answers or none.

Python's `re` reads most Java patterns and means something else by some: `\\s` and `\\w` are ASCII in Java, `$` knows five line ends, `&&` cuts classes,
quantifiers may be possessive. So a pattern is read into a tree by Java's rules, every class becomes an explicit set of code points (of Unicode 13, which
Java 17 knows), and the tree is written for the package `regex` in terms that have one meaning. What cannot be proved equal is refused by name.
"""

from mabridge.java_regex.pattern import JavaPattern, UnitsError, compile_java
from mabridge.java_regex.tree import RefusedPatternError

__all__ = ["JavaPattern", "RefusedPatternError", "UnitsError", "compile_java"]
