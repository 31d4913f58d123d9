#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif
import JSON
import Plotting
import SparseAttention

/// Perplexity and divergence from dense attention, by method and length.
public struct PerplexityResults: Sendable {
    /// What was evaluated.
    public let about: ResultDescription
    private let predictions: [PredictionRecord]

    /// Results of `records`.
    public init(_ about: ResultDescription, records: [PredictionRecord]) {
        self.about = about
        predictions = records
    }

    /// One cell of the tables.
    public struct Cell: Sendable, Hashable {
        /// How many texts.
        public let samples: Int
        /// The exponential of the mean of minus the logarithm of the next token's probability.
        public let perplexity: Double
        /// Mean divergence from dense in nats.
        public let divergence: Double
        /// The share of positions with dense attention's likeliest token.
        public let agreement: Double
        /// Mean density.
        public let density: Double
        /// Mean recall, where it was sampled.
        public let recall: Double?
        /// Mean seconds of the prefill.
        public let seconds: Double
    }

    /// The means of a method at a length; nil without records.
    public func cell(_ method: String, _ length: Int) -> Cell? {
        let found = predictions.filter { $0.method == method && $0.length == length }
        guard !found.isEmpty else { return nil }
        let recalls = found.compactMap(\.recall)
        return Cell(
            samples: found.count, perplexity: exp(found.map(\.negativeLogLikelihood).mean),
            divergence: found.map(\.divergence).mean, agreement: found.map(\.agreement).mean,
            density: found.map(\.density).mean, recall: recalls.isEmpty ? nil : recalls.mean,
            seconds: found.map(\.seconds).mean)
    }

    private func forEachCell(_ body: (String, Int, Cell) -> Void) {
        for method in about.methods {
            for length in about.lengths {
                if let cell = cell(method, length) { body(method, length, cell) }
            }
        }
    }
}

extension PerplexityResults: EvaluationResults {
    /// `perplexity`.
    public static let name = "perplexity"

    /// Reads what ``text`` writes.
    public init?(_ document: JSONValue) {
        guard let about = ResultDescription(document), let records = document["records"]?.array else {
            return nil
        }
        self.init(about, records: records.compactMap { PredictionRecord($0) })
    }

    /// Every text.
    public var records: [JSONValue] { predictions.map { .object($0.members) } }

    /// Means of every cell.
    public var summary: JSONValue {
        var cells: [JSONValue] = []
        forEachCell { method, length, cell in
            cells.append([
                "method": .string(method), "length": .int(length), "samples": .int(cell.samples),
                "perplexity": .double(cell.perplexity), "divergence": .double(cell.divergence),
                "agreement": .double(cell.agreement), "density": .double(cell.density),
            ])
        }
        return .array(cells)
    }

    /// A row for each method and length.
    public var markdown: String {
        var table = MarkdownTable([
            "method", "tokens", "perplexity", "KL to dense, nats", "same first choice", "density", "recall",
            "prefill, s",
        ])
        forEachCell { method, length, cell in
            table.append([
                method, ResultFormat.length(length), FixedPoint.text(cell.perplexity, digits: 4),
                FixedPoint.text(cell.divergence, digits: 5),
                FixedPoint.text(cell.agreement * 100, digits: 2) + "%",
                FixedPoint.text(cell.density * 100, digits: 1) + "%",
                cell.recall.map { FixedPoint.text($0 * 100, digits: 1) + "%" } ?? "-",
                FixedPoint.text(cell.seconds, digits: 2),
            ])
        }
        return table.text
    }

    /// A line per method and length.
    public var csv: String {
        var rows = [
            [
                "method", "length", "samples", "perplexity", "divergence", "agreement", "density",
                "prefill_seconds",
            ]
        ]
        forEachCell { method, length, cell in
            rows.append(
                [method, "\(length)", "\(cell.samples)"]
                    + [cell.perplexity, cell.divergence, cell.agreement, cell.density, cell.seconds].map {
                        FixedPoint.text($0, digits: 6)
                    })
        }
        return CommaSeparated.text(rows)
    }

    /// Perplexity and divergence by length.
    public var figures: [(name: String, figure: Figure)] {
        guard about.lengths.count > 1, !predictions.isEmpty else { return [] }
        let perplexity = lines { $0.perplexity }
        // Dense attention is at zero, which a logarithmic axis does not have.
        let divergence = lines { $0.divergence > 0 ? $0.divergence : .nan }
        let panels = [
            panel("perplexity", perplexity, label: "perplexity", scale: .linear),
            panel("divergence from dense", divergence, label: "KL, nats", scale: .logarithmic),
        ].compactMap(\.self)
        guard !panels.isEmpty else { return [] }
        return [
            (
                "perplexity",
                Figure(
                    "Predictions by length", subtitle: about.line, panels: panels, panelSize: .init(560, 220))
            )
        ]
    }

    private func lines(_ value: (Cell) -> Double) -> [(name: String, points: [Mark.Point])] {
        about.methods.map { method in
            (
                method,
                about.lengths.compactMap { length in
                    cell(method, length).map { Mark.Point(Double(length), value($0)) }
                }
            )
        }
    }

    private func panel(
        _ title: String, _ lines: [(name: String, points: [Mark.Point])], label: String, scale: Axis.Scale
    ) -> Figure.Panel? {
        let values = lines.flatMap(\.points).map(\.y).filter(\.isFinite)
        guard let low = values.min(), let high = values.max(), high > 0 else { return nil }
        let room =
            scale == .logarithmic
            ? (low / 1.5, high * 1.5) : (low - (high - low) / 8, high + (high - low) / 8)
        guard room.0 < room.1 else { return nil }
        let marks = lines.enumerated().map { number, line in
            Mark.line(
                name: line.name, points: line.points, color: Color.series[number % Color.series.count],
                dashed: number >= Color.series.count)
        }
        return Figure.Panel(
            title, x: .lengths(about.lengths), y: Axis(label, from: room.0, to: room.1, scale: scale),
            marks: marks)
    }
}
