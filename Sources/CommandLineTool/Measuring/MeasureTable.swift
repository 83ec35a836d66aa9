import ClusterSimulation
import Reporting
import ScenarioFiles

/// The mean over seeds of everything that was measured, point by point.
struct MeasureTable {
  private let settings: MeasureSettings
  /// Point by point, each with every seed.
  private let results: [Measurement]
  private let seeds: Int

  init(_ settings: MeasureSettings, _ results: [Measurement], seeds: Int) {
    self.settings = settings
    self.results = results
    self.seeds = max(1, seeds)
  }

  var report: MeasurementReport {
    let quantities = quantities
    let points = settings.points.indices.map { point(number: $0, quantities) }
    return MeasurementReport(
      axes: settings.axes.map(axis), quantities: quantities, points: points, timeline: timeline,
      charts: charts, seeds: seeds, seconds: Double(settings.duration.nanoseconds) / 1e9)
  }

  private func axis(_ axis: SweepAxis) -> MeasurementReport.Axis {
    let numbers = axis.values.compactMap(\.number)
    return MeasurementReport.Axis(
      name: axis.name, labels: axis.values.map(\.label),
      numbers: numbers.count == axis.values.count ? numbers : [])
  }

  /// In order of first appearance: points with more servers have more.
  private var quantities: [MeasurementReport.Quantity] {
    var seen: Set<String> = []
    var list: [MeasurementReport.Quantity] = []
    for result in results {
      for value in result.values where seen.insert(value.name).inserted {
        list.append(MeasurementReport.Quantity(name: value.name, unit: value.unit))
      }
    }
    return list
  }

  private func point(
    number: Int, _ quantities: [MeasurementReport.Quantity]
  ) -> MeasurementReport.Point {
    let runs = results[(number * seeds)..<((number + 1) * seeds)]
    let byName = runs.map { run in
      Dictionary(run.values.map { ($0.name, $0.value) }) { first, _ in first }
    }
    let values = quantities.map { quantity in
      SampleEstimate.estimate(byName.compactMap { $0[quantity.name] ?? nil })
    }
    return MeasurementReport.Point(
      indices: settings.points[number].indices, values: values,
      timeline: SampleEstimate.means(runs.map(\.timeline)))
  }

  private var timeline: MeasurementReport.Timeline? {
    guard let bucket = settings.timeline else { return nil }
    return MeasurementReport.Timeline(
      bucket: Double(bucket.nanoseconds) / 1e9,
      series: ["throughput.total", "throughput.reads", "throughput.updates"].map {
        MeasurementReport.Quantity(name: $0, unit: "1/s")
      })
  }

  // MARK: Charts

  private var charts: [MeasurementReport.Chart] {
    if !settings.charts.isEmpty { return settings.charts.map(chart) }
    if settings.timeline != nil {
      return [
        MeasurementReport.Chart(
          title: "Throughput over time", x: "time", y: ["throughput.reads", "throughput.updates"])
      ]
    }
    guard let longest = numericAxis else { return [] }
    return [
      MeasurementReport.Chart(
        title: "Throughput", x: settings.axes[longest].name, y: ["throughput.total"])
    ]
  }

  /// The axis of numbers with the most values, if one has at least two.
  private var numericAxis: Int? {
    let axes = settings.axes.indices.filter { index in
      settings.axes[index].values.count > 1
        && settings.axes[index].values.allSatisfy { $0.number != nil }
    }
    let most = axes.map { settings.axes[$0].values.count }.max()
    return axes.first { settings.axes[$0].values.count == most }
  }

  private func chart(_ chart: ChartSettings) -> MeasurementReport.Chart {
    MeasurementReport.Chart(
      title: chart.title, x: chart.x, y: chart.y, hasLogarithmicX: chart.xScale == .log,
      hasLogarithmicY: chart.yScale == .log, isFittedY: chart.yScale == .fitted,
      selection: settings.axes.map { axis in
        chart.at.first { $0.axis == axis.name }?.indices ?? []
      })
  }
}

/// Means of samples and how far the truth may be from them.
enum SampleEstimate {
  /// The mean of a sample with the half width of its 95 % confidence interval; `nil` of nothing.
  static func estimate(_ sample: [Double]) -> MeasurementReport.Estimate? {
    guard !sample.isEmpty else { return nil }
    let count = Double(sample.count)
    let mean = sample.reduce(0, +) / count
    guard sample.count > 1 else {
      return MeasurementReport.Estimate(mean: mean, margin: nil)
    }
    let squares = sample.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let deviation = (squares / (count - 1)).squareRoot()
    return MeasurementReport.Estimate(
      mean: mean, margin: studentQuantile(sample.count - 1) * deviation / count.squareRoot())
  }

  /// The mean of several series of equal shape, element by element.
  static func means(_ runs: [[[Double]]]) -> [[Double]] {
    guard let first = runs.first else { return [] }
    return first.indices.map { series in
      first[series].indices.map { index in
        runs.reduce(0) { $0 + $1[series][index] } / Double(runs.count)
      }
    }
  }

  /// The 97.5 % quantile of Student's t distribution, by degrees of freedom from 1: tabulated up to
  /// 30, beyond that the first terms of its expansion at the normal quantile (Abramowitz and
  /// Stegun, 26.7.5), which are within 0.001 there.
  static func studentQuantile(_ degrees: Int) -> Double {
    let table = [
      12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160,
      2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056,
      2.052, 2.048, 2.045, 2.042,
    ]
    if degrees <= table.count { return table[max(1, degrees) - 1] }
    let normal = 1.959964
    return normal + (normal * normal * normal + normal) / (4 * Double(degrees))
  }
}
