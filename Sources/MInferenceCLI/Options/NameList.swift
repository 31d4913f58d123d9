import ArgumentParser

/// Names separated by commas.
struct NameList: ExpressibleByArgument {
    let values: [String]

    init(_ values: [String]) { self.values = values }

    init?(argument: String) {
        values = argument.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard values.allSatisfy({ !$0.isEmpty }) else { return nil }
    }

    var defaultValueDescription: String { values.joined(separator: ",") }
}
