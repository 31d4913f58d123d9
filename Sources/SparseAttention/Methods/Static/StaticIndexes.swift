import JSON

/// The slash indexes that a calibration prompt led to, for every head of a model.
public struct StaticIndexes: Sendable, Hashable {
    /// `layers[layer][head]`; all layers have the same number of heads.
    public let layers: [[SlashIndex]]
    /// The keys of the calibration prompt.
    public let keyCount: Int

    /// Indexes of a model; all layers must have the same number of heads.
    public init(layers: [[SlashIndex]], keyCount: Int) {
        precondition(Set(layers.map(\.count)).count <= 1, "all layers have the same number of heads")
        self.layers = layers
        self.keyCount = keyCount
    }
}

/// What is wrong with a file of static indexes.
public enum StaticIndexesError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file cannot be read or written.
    case file(path: String, reason: String)
    /// The file is not what `--save-indexes` writes.
    case malformed(path: String, reason: String)
    /// The file was made for a model of other sizes.
    case otherModel(found: ModelExtents, expected: ModelExtents)
    /// A head's index cannot be kept for all rows.
    case noSlashes(layer: Int, head: Int)
    /// Not every layer was seen in one run over the whole prompt.
    case incomplete(layers: Int)

    /// One line that says what, where, what was expected and what to do.
    public var description: String {
        switch self {
        case .file(let path, let reason): "index file \(path): \(reason)"
        case .malformed(let path, let reason):
            "index file \(path) is not what --save-indexes writes: \(reason)"
        case .otherModel(let found, let expected):
            "index file is of a model with \(found.layers) layers of \(found.heads) query heads, this one has "
                + "\(expected.layers) of \(expected.heads); use a file that this model wrote"
        case .noSlashes(let layer, let head):
            "layer \(layer), head \(head): its index is no set of columns and distances, so it cannot be kept; "
                + "calibrate with minference, a-shape or dense"
        case .incomplete(let layers):
            "the calibration run ended after \(layers) layers; calibrate with --estimation prompt on one prompt"
        }
    }
}

extension StaticIndexes {
    private static let format = "minference static indexes"

    /// The file's text: format, version, sizes, and for each layer a line of heads as `[[low, high, ...], [column, ...]]`.
    public var text: String {
        let lines = layers.map { heads in
            JSONValue.array(
                heads.map { index in
                    [
                        .array(
                            index.distances.flatMap { [.int(Int($0.lowerBound)), .int(Int($0.upperBound))] }),
                        .array(index.columns.map { .int(Int($0)) }),
                    ]
                }
            ).text()
        }
        return """
            {"format": "\(Self.format)", "version": 1, "heads": \(layers.first?.count ?? 0), "keys": \(keyCount),
            "layers": [
            \(lines.joined(separator: ",\n"))
            ]}

            """
    }

    /// Reads a file. Throws `StaticIndexesError`.
    public init(file path: String) throws {
        let text: String
        do {
            text = try TextFile.read(path)
        } catch {
            throw StaticIndexesError.file(path: path, reason: error.reason)
        }
        try self.init(text, path: path)
    }

    /// Writes a file. Throws `StaticIndexesError`.
    public func write(file path: String) throws {
        do {
            try TextFile.write(text, to: path)
        } catch {
            throw StaticIndexesError.file(path: path, reason: error.reason)
        }
    }

    /// Reads a file's text; `path` is for messages. Throws `StaticIndexesError`.
    public init(_ text: String, path: String) throws {
        func malformed(_ reason: String) -> StaticIndexesError { .malformed(path: path, reason: reason) }
        let root: JSONValue
        do {
            root = try JSONValue(parsing: text)
        } catch {
            throw malformed("\(error)")
        }
        guard root["format"]?.string == Self.format else { throw malformed("it has another format") }
        guard root["version"]?.int == 1 else { throw malformed("expected version 1") }
        guard let heads = root["heads"]?.int, heads > 0, let keys = root["keys"]?.int, keys > 0,
            let rows = root["layers"]?.array, !rows.isEmpty
        else { throw malformed("heads, keys or layers are missing") }
        let layers = try rows.enumerated().map { layer, row in
            guard let entries = row.array, entries.count == heads else {
                throw malformed("layer \(layer) has not \(heads) heads")
            }
            return try entries.enumerated().map { head, entry in
                guard let index = SlashIndex(entry) else {
                    throw malformed("layer \(layer), head \(head): no ascending distances and columns")
                }
                return index
            }
        }
        self.init(layers: layers, keyCount: keys)
    }
}

extension SlashIndex {
    /// `[[low, high, ...], [column, ...]]`; nil when the lists are not ascending numbers of tokens.
    fileprivate init?(_ value: JSONValue) {
        guard let lists = value.array, lists.count == 2,
            let bounds = lists[0].array?.compactMap(\.int), bounds.count == lists[0].array?.count,
            let columns = lists[1].array?.compactMap(\.int), columns.count == lists[1].array?.count,
            bounds.count % 2 == 0, Self.ascends(bounds), Self.ascends(columns)
        else { return nil }
        let ranges = stride(from: 0, to: bounds.count, by: 2).map {
            Int32(bounds[$0])..<Int32(bounds[$0 + 1])
        }
        self.init(distances: ranges, columns: columns.map { Int32($0) })
    }

    private static func ascends(_ numbers: [Int]) -> Bool {
        (numbers.first ?? 0) >= 0 && (numbers.last ?? 0) <= Int(Int32.max)
            && zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 }
    }
}
