/// What the assembler's remarks (`--ptxas-options=-v`) say about one entry point.
package struct ResourceUsage: Sendable, Equatable {
    /// Registers of a thread.
    package private(set) var registers = 0
    /// Bytes of local memory of a thread, spills included.
    package private(set) var stackBytes = 0
    /// Bytes stored and loaded for want of registers.
    package private(set) var spillBytes = 0
    /// Bytes of static shared memory of a block.
    package private(set) var sharedBytes = 0

    /// Reads the log of a compilation; nil when it does not mention `entry`.
    package init?(log: String, entry: String) {
        var isEntry = false
        var found = false
        for line in log.split(separator: "\n") {
            if let name = Self.quoted(line, after: "entry function ") {
                isEntry = name == entry
            } else if let name = line.split(separator: " ").last,
                line.contains("Function properties for")
            {
                isEntry = name == entry
            } else if isEntry, line.contains("bytes stack frame") {
                stackBytes = Self.number(line, before: " bytes stack frame")
                spillBytes =
                    Self.number(line, before: " bytes spill stores")
                    + Self.number(line, before: " bytes spill loads")
            } else if isEntry, line.contains("Used "), line.contains(" registers") {
                registers = Self.number(line, before: " registers")
                sharedBytes = Self.number(line, before: " bytes smem")
                found = true
            }
        }
        if !found { return nil }
    }

    /// The number that ends where `text` begins; 0 without one.
    private static func number(_ line: Substring, before text: String) -> Int {
        guard let range = line.firstRange(of: text) else { return 0 }
        return Int(line[..<range.lowerBound].split(separator: " ").last ?? "") ?? 0
    }

    /// What stands in quotes after `text`.
    private static func quoted(_ line: Substring, after text: String) -> Substring? {
        guard let range = line.firstRange(of: text) else { return nil }
        return line[range.upperBound...].split(separator: "'", omittingEmptySubsequences: false).dropFirst()
            .first
    }
}
