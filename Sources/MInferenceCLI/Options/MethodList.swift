import ArgumentParser
import SparseAttention

/// Specifications of methods separated by commas, which also separate the options of one: a part that begins with no
/// method's name belongs to the method before it.
struct MethodList: ExpressibleByArgument {
    let values: [String]

    init(_ values: [String]) { self.values = values }

    init?(argument: String) {
        let names = AttentionMethods.all.map(\.name)
        var values: [String] = []
        for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
            if names.contains(Self.leadingName(of: part)) || values.isEmpty {
                values.append(String(part))
            } else {
                values[values.count - 1] += "," + part
            }
        }
        self.values = values
    }

    /// The method's name that a specification begins with.
    static func leadingName(of text: some StringProtocol) -> String {
        String(text.prefix { $0 != ":" && $0 != "+" })
    }

    var defaultValueDescription: String { values.joined(separator: ",") }
}
