import JSON

/// The records of one evaluation, old and new, by key: whoever has several workers shares one.
public actor RecordStore {
    private let file: RecordFile
    private var results: [String: JSONValue] = [:]
    /// What the runs are that wrote to the file, the current one last.
    public private(set) var runs: [JSONValue]

    /// Opens the file `records.jsonl` in a folder.
    ///
    /// - Parameters:
    ///   - folder: Where results are kept; it is made when it is missing.
    ///   - expected: How many records will be written at most.
    /// - Throws: ``RecordError`` when nothing can be written there.
    public init(folder: String, expected: Int) throws(RecordError) {
        file = try RecordFile(path: folder + "/records.jsonl", expected: expected)
        runs = file.records.compactMap { $0["run"]?.members == nil ? nil : $0["run"] }
        for record in file.records {
            if let key = record["key"]?.string { results[key] = record }
        }
    }

    /// Notes what the current run is: machine, model, command, date.
    public func begin(_ provenance: JSONValue) throws(RecordError) {
        try file.append(["run": provenance])
        runs.append(provenance)
    }

    /// The runs that some results come from, in order.
    public func runs(of keys: some Sequence<String>) -> [JSONValue] {
        Set(keys.compactMap { results[$0]?["run"]?.int }).sorted().filter(runs.indices.contains).map {
            runs[$0]
        }
    }

    /// The record of that key, from this run or an earlier one.
    public func record(_ key: String) -> JSONValue? { results[key] }

    /// Keeps a result of the current run: it is on disk when this returns.
    public func append(key: String, _ members: [JSONValue.Member]) throws(RecordError) {
        let record = JSONValue.object(
            [.init(key: "key", value: .string(key)), .init(key: "run", value: .int(runs.count - 1))] + members
        )
        try file.append(record)
        results[key] = record
    }
}
