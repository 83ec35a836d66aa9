/// Figure 7 of the chain replication paper: days until a volume is unavailable, by replicas and
/// servers, decoded from the figure's vector coordinates (error below 0.3 units of the axis).
enum PlacementFigure {
  struct Point: Hashable {
    var servers: Int
    var days: Double
  }

  /// By the name of the placement; with one replica, all three are the same.
  static func points(_ placement: String, replicas: Int) -> [Point] {
    let values: [Double]
    switch (placement, replicas) {
    case (_, 1): values = [1, 0.5, 0.25, 0.125]
    case ("ring", 2): values = [3.43, 1.8, 1.09, 0.536, 0.273, 0.169, 0.099, 0.061, 0.044]
    case ("ring", 3): values = [26.8, 15.9, 12.1, 6.45, 2.94, 1.39, 0.82, 0.41]
    case ("ring", 4): values = [312, 285, 205, 146, 58, 30, 17, 9.4]
    case ("rndseq", 2): values = [3.92, 1.08, 0.43, 0.166, 0.058, 0.035, 0.020, 0.0115, 0.0079]
    case ("rndseq", 3): values = [23.4, 5.73, 1.47, 0.42, 0.19, 0.095, 0.057]
    case ("rndseq", 4): values = [326, 36, 17, 5.5, 2.7, 1.3, 0.72]
    case ("rndpar", 2): values = [3.82, 1.18, 0.545, 0.262, 0.12, 0.076, 0.052, 0.037, 0.032]
    case ("rndpar", 3): values = [26.4, 5.64, 2.8, 2.36, 3.76, 5.83, 8.7, 16.3]
    case ("rndpar", 4): values = [363, 45.3, 57, 160, 608, 2120, 4120, 6180]
    default: values = []
    }
    var points = values.enumerated().map { Point(servers: replicas << $0.offset, days: $0.element) }
    // The curve's last point is not a doubling.
    if placement == "rndpar", replicas == 3 { points.append(Point(servers: 512, days: 20.5)) }
    return points
  }
}
