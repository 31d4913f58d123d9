import JSON

/// What an evaluation was of.
public struct ResultDescription: Sendable, Hashable {
    /// The methods, in the order asked for.
    public var methods: [String]
    /// The lengths, ascending.
    public var lengths: [Int]
    /// What documents are, in a few words.
    public var data: String
    /// Everything else that was set, by name.
    public var settings: [JSONValue.Member]
    /// The runs that measured: date, command, machine, model, weights, type.
    public var runs: [JSONValue]

    /// A description.
    public init(
        methods: [String], lengths: [Int], data: String, settings: [JSONValue.Member], runs: [JSONValue]
    ) {
        self.methods = methods
        self.lengths = lengths.sorted()
        self.data = data
        self.settings = settings
        self.runs = runs
    }

    /// Reads ``members``; nil when something is missing.
    init?(_ document: JSONValue) {
        guard let methods = document["methods"]?.array?.compactMap(\.string),
            let lengths = document["lengths"]?.array?.compactMap(\.int), let data = document["data"]?.string,
            let settings = document["settings"]?.members, let runs = document["runs"]?.array
        else { return nil }
        self.init(methods: methods, lengths: lengths, data: data, settings: settings, runs: runs)
    }

    var members: [JSONValue.Member] {
        [
            .init(key: "data", value: .string(data)),
            .init(key: "methods", value: .array(methods.map { .string($0) })),
            .init(key: "lengths", value: .array(lengths.map { .int($0) })),
            .init(key: "settings", value: .object(settings)), .init(key: "runs", value: .array(runs)),
        ]
    }

    /// A setting by name.
    subscript(setting: String) -> JSONValue? { settings.last { $0.key == setting }?.value }

    /// Model, machine, type, date and data in one line.
    public var line: String {
        let run = runs.last
        let parts =
            [run?["model"]?.string, run?["machine"]?.string, run?["dtype"]?.string]
            + [run?["date"]?.string.map { String($0.prefix(10)) }, data]
        return parts.compactMap(\.self).joined(separator: ", ")
    }
}

/// Names of numbers in tables.
enum ResultFormat {
    /// `16K` where the length is a whole number of them.
    static func length(_ length: Int) -> String {
        length % 1024 == 0 ? "\(length / 1024)K" : "\(length)"
    }
}
