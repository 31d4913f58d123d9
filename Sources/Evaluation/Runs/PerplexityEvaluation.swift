import JSON
import MInference

/// Perplexity of a text by length, and the divergence of every method's predictions from those of dense attention.
public struct PerplexityEvaluation: Sendable {
    /// The methods; dense attention is the reference, whether it is among them or not.
    public let methods: [EvaluatedMethod]
    private let texts: [Text]
    private let identity: String

    /// A part of the text.
    private struct Text: Sendable {
        let identity: String
        let length: Int
        let index: Int
        let tokens: [Int]
    }

    /// An evaluation.
    ///
    /// - Parameters:
    ///   - tokens: The text's tokens. Part `i` of a length is the `i`-th run of so many tokens.
    ///   - opening: Special tokens that every part begins with, within its length.
    ///   - name: What keys of records call the text.
    ///   - lengths: The tokens of a part.
    ///   - samples: Parts of each length.
    ///   - methods: How texts are processed.
    ///   - identity: What else results depend on: model, type, device.
    /// - Throws: ``EvaluationError/textTooShort(tokens:needed:)``.
    public init(
        tokens: [Int], opening: [Int] = [], name: String, lengths: [Int], samples: Int,
        methods: [EvaluatedMethod], identity: String
    ) throws(EvaluationError) {
        self.methods = methods
        self.identity = identity
        var texts: [Text] = []
        for length in lengths {
            let room = length - opening.count
            guard room > 1, tokens.count >= room * samples else {
                throw .textTooShort(tokens: tokens.count, needed: max(2, room) * samples)
            }
            for index in 0..<samples {
                texts.append(
                    Text(
                        identity: "perplexity|\(name)|\(length)|\(index)", length: length, index: index,
                        tokens: opening + tokens[index * room..<(index + 1) * room]))
            }
        }
        self.texts = texts
    }

    /// How many records there will be.
    public var count: Int { texts.count * methods.count }

    /// Measures what `store` does not hold yet. Where something is missing for a text, dense attention runs too, as the
    /// reference.
    ///
    /// - Parameters:
    ///   - store: Where records are kept.
    ///   - workers: Who computes; the first alone, as logits take memory.
    ///   - settings: For the calibration of static indexes.
    ///   - progress: Told each new record.
    /// - Returns: Whether all is done; false after a stop signal.
    public func run(
        store: RecordStore, workers: WorkerGroup, settings: SampleSettings,
        progress: @escaping @Sendable (PredictionRecord) -> Void
    ) async throws -> Bool {
        let model = workers.models[0]
        var calibration = Calibration(settings: settings)
        for text in texts {
            var missing: [(EvaluatedMethod, PrefillParameters)] = []
            for method in methods where await store.record(key(method, text)) == nil {
                missing.append(
                    (method, try await calibration.parameters(of: method, length: text.length, model: model)))
            }
            guard !missing.isEmpty else { continue }
            if workers.isStopped { return false }
            let dense = PrefillParameters(attention: DenseMethod(), recallRows: 0)
            let predictions = try await model.predictions(
                of: text.tokens, with: [dense] + missing.map(\.1))
            for ((method, _), prediction) in zip(missing, predictions.dropFirst()) {
                let record = PredictionRecord(
                    length: text.length, index: text.index, method: method.name,
                    negativeLogLikelihood: prediction.negativeLogLikelihood,
                    divergence: prediction.divergence, agreement: prediction.agreement,
                    density: prediction.attention?.density ?? 1,
                    recall: prediction.attention?.recall?.mean, seconds: prediction.seconds)
                try await store.append(key: key(method, text), record.members)
                progress(record)
            }
        }
        return true
    }

    /// The records of this evaluation that `store` holds.
    public func records(in store: RecordStore) async -> [PredictionRecord] { await store.records(of: keys) }

    /// What the runs are that those records come from.
    public func runs(in store: RecordStore) async -> [JSONValue] { await store.runs(of: keys.map(\.key)) }

    private var keys: [(method: EvaluatedMethod, key: String)] {
        methods.flatMap { method in texts.map { (method, key(method, $0)) } }
    }

    private func key(_ method: EvaluatedMethod, _ text: Text) -> String {
        "\(identity)|\(text.identity)|\(method.identity)"
    }
}
