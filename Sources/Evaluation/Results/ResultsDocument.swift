import Checkpoints
import JSON
import Plotting

/// The page of results: every evaluation in a folder beside the poster's figures.
public struct ResultsDocument: Sendable {
    private let ruler: RulerResults?
    private let needle: NeedleResults?
    private let perplexity: PerplexityResults?
    private let latency: LatencyResults?

    /// Reads `ruler/results.json`, `needle/results.json`, `perplexity/results.json` and `latency/results.json`, those
    /// that are there.
    ///
    /// - Throws: ``EvaluationError/unreadable(path:reason:)`` for a file that no evaluation wrote, or when none is there.
    public init(folder: String) throws(EvaluationError) {
        ruler = try Self.read(folder)
        needle = try Self.read(folder)
        perplexity = try Self.read(folder)
        latency = try Self.read(folder)
        guard !results.isEmpty else {
            throw .unreadable(
                path: folder,
                reason: "no evaluation's results.json is in it; run minference eval ruler --output first")
        }
    }

    private static func read<Results: EvaluationResults>(_ folder: String) throws(EvaluationError) -> Results?
    {
        let path = "\(folder)/\(Results.name)/results.json"
        guard FileSystem.exists(path) else { return nil }
        let text = try InputFile.text(of: path)
        guard let document = try? JSONValue(parsing: text), let results = Results(document) else {
            throw .unreadable(path: path, reason: "it is not what minference eval \(Results.name) writes")
        }
        return results
    }

    private var results: [any EvaluationResults] {
        let all: [(any EvaluationResults)?] = [ruler, needle, perplexity, latency]
        return all.compactMap(\.self)
    }

    /// The page, whose pictures are in `folder` as seen from it.
    public func markdown(folder: String) -> String {
        var text = Self.introduction
        if let ruler { text += section("RULER", PosterFigures.ruler, ruler, folder: folder) }
        if let needle {
            text += section("A needle in a haystack", PosterFigures.needle, needle, folder: folder)
        }
        if let perplexity {
            text += section("Predictions of a text", PosterFigures.perplexity, perplexity, folder: folder)
        }
        if let latency {
            text += section("Time to the first token", PosterFigures.latency, latency, folder: folder)
        }
        return text + PosterFigures.missing
    }

    private func section(
        _ title: String, _ poster: String, _ results: some EvaluationResults, folder: String
    ) -> String {
        let name = type(of: results).name
        var text = "\n## \(title)\n\n\(poster)\n\n### Ours\n\n\(results.about.line).\n\n\(results.markdown)\n"
        for (file, figure) in results.figures {
            text += "![\(figure.title)](\(folder)/\(name)/\(file).svg)\n\n"
        }
        text += "Made by:\n\n```sh\n"
        var commands: [String] = []
        for run in results.about.runs {
            if let command = run["command"]?.string, !commands.contains(command) { commands.append(command) }
        }
        text += commands.joined(separator: "\n") + "\n```\n"
        let run = results.about.runs.last
        return text
            + """

            Weights (SHA-256) `\(run?["weights"]?.string ?? "")`, \(run?["parallel"]?.int ?? 1) prompt(s) at once. \
            Measurements: [\(name)/results.json](\(folder)/\(name)/results.json).\n
            """
    }

    private static let introduction = """
        # Results

        This page is written by `make results` from the JSON files in [results](results), which `minference eval` writes; \
        nothing on it is typed by hand but the poster's and the paper's figures, which are marked as theirs. "The poster" and \
        "the paper" are those of MInference 1.0 (Jiang et al., arXiv 2407.02490): their models have 8 billion parameters \
        and ran on an NVIDIA A100 with 80 GB. Ours is the bundled model of 11 million parameters, trained for these \
        tasks on synthetic text; so compare methods within a table, not scores or seconds across tables.

        The methods are those of the paper's tables: `dense`, `minference`, `a-shape` (StreamingLLM), `dilated` and \
        `strided` (StreamingLLM with gaps, as exact masks), `inf-llm`, and `static` (MInference's indexes of one other prompt of \
        the same length). All prefill sparsely and decode densely.

        ```sh
        make results                                                  # goes on where it stopped
        make results DEVICE=cuda:0 LENGTHS=4K,8K,16K,32K,64K,128K SAMPLES=25
        ```

        """
}
