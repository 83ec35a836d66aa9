/// The published complete crash states of six programs under nine profiles: made from the data that
/// goes with the model, by an enumerator that shares nothing with this project.
///
/// A state is its files, `f=oo,tmp=n?`, with `-` for none at all and `+` in front once the outside
/// world has seen the output.
struct PublishedStates: Sendable {
  var program: String
  /// Profile, micro-operations, closed sets.
  var counts: [(profile: String, microOperations: Int, closedSets: Int)]
  var states: String

  static let all: [PublishedStates] = [
    PublishedStates(
      program: "a",
      counts: [
        ("alice-code/4096", 13, 8192),
        ("paper-default/4096", 13, 8192),
      ],
      states: """
        f=,tmp= f=,tmp=0 f=,tmp=00 f=,tmp=0? f=,tmp=0n f=,tmp=? f=,tmp=?0 f=,tmp=?? f=,tmp=?n \
        f=,tmp=n f=,tmp=n0 f=,tmp=n? f=,tmp=nn f= f=0,tmp=0 f=0 f=00,tmp=00 f=00 f=0?,tmp=0? \
        f=0? f=0n,tmp=0n f=0n f=?,tmp=? f=? f=?0,tmp=?0 f=?0 f=??,tmp=?? f=?? f=?n,tmp=?n f=?n \
        f=n,tmp=n f=n f=n0,tmp=n0 f=n0 f=n?,tmp=n? f=n? f=nn,tmp=nn f=nn f=o,tmp= f=o,tmp=0 \
        f=o,tmp=00 f=o,tmp=0? f=o,tmp=0n f=o,tmp=? f=o,tmp=?0 f=o,tmp=?? f=o,tmp=?n f=o,tmp=n \
        f=o,tmp=n0 f=o,tmp=n? f=o,tmp=nn f=o f=oo,tmp= f=oo,tmp=0 f=oo,tmp=00 f=oo,tmp=0? \
        f=oo,tmp=0n f=oo,tmp=? f=oo,tmp=?0 f=oo,tmp=?? f=oo,tmp=?n f=oo,tmp=n f=oo,tmp=n0 \
        f=oo,tmp=n? f=oo,tmp=nn f=oo tmp= tmp=0 tmp=00 tmp=0? tmp=0n tmp=? tmp=?0 tmp=?? tmp=?n \
        tmp=n tmp=n0 tmp=n? tmp=nn - +f=,tmp= +f=,tmp=0 +f=,tmp=00 +f=,tmp=0? +f=,tmp=0n \
        +f=,tmp=? +f=,tmp=?0 +f=,tmp=?? +f=,tmp=?n +f=,tmp=n +f=,tmp=n0 +f=,tmp=n? +f=,tmp=nn \
        +f= +f=0,tmp=0 +f=0 +f=00,tmp=00 +f=00 +f=0?,tmp=0? +f=0? +f=0n,tmp=0n +f=0n +f=?,tmp=? \
        +f=? +f=?0,tmp=?0 +f=?0 +f=??,tmp=?? +f=?? +f=?n,tmp=?n +f=?n +f=n,tmp=n +f=n \
        +f=n0,tmp=n0 +f=n0 +f=n?,tmp=n? +f=n? +f=nn,tmp=nn +f=nn +f=o,tmp= +f=o,tmp=0 \
        +f=o,tmp=00 +f=o,tmp=0? +f=o,tmp=0n +f=o,tmp=? +f=o,tmp=?0 +f=o,tmp=?? +f=o,tmp=?n \
        +f=o,tmp=n +f=o,tmp=n0 +f=o,tmp=n? +f=o,tmp=nn +f=o +f=oo,tmp= +f=oo,tmp=0 +f=oo,tmp=00 \
        +f=oo,tmp=0? +f=oo,tmp=0n +f=oo,tmp=? +f=oo,tmp=?0 +f=oo,tmp=?? +f=oo,tmp=?n +f=oo,tmp=n \
        +f=oo,tmp=n0 +f=oo,tmp=n? +f=oo,tmp=nn +f=oo +tmp= +tmp=0 +tmp=00 +tmp=0? +tmp=0n +tmp=? \
        +tmp=?0 +tmp=?? +tmp=?n +tmp=n +tmp=n0 +tmp=n? +tmp=nn +-
        """),
    PublishedStates(
      program: "b",
      counts: [
        ("alice-code/4096", 14, 256),
        ("paper-default/4096", 14, 256),
      ],
      states: """
        f=,tmp=nn f= f=nn,tmp=nn f=nn f=o,tmp=nn f=o f=oo,tmp= f=oo,tmp=0 f=oo,tmp=00 \
        f=oo,tmp=0? f=oo,tmp=0n f=oo,tmp=? f=oo,tmp=?0 f=oo,tmp=?? f=oo,tmp=?n f=oo,tmp=n \
        f=oo,tmp=n0 f=oo,tmp=n? f=oo,tmp=nn f=oo tmp=nn - +f=,tmp=nn +f= +f=nn,tmp=nn +f=nn \
        +f=o,tmp=nn +f=o +f=oo,tmp=nn +f=oo +tmp=nn +-
        """),
    PublishedStates(
      program: "c",
      counts: [
        ("alice-code/4096", 15, 200),
        ("paper-default/4096", 15, 200),
      ],
      states: """
        f=,tmp=nn f= f=nn,tmp=nn f=nn f=o,tmp=nn f=o f=oo,tmp= f=oo,tmp=0 f=oo,tmp=00 \
        f=oo,tmp=0? f=oo,tmp=0n f=oo,tmp=? f=oo,tmp=?0 f=oo,tmp=?? f=oo,tmp=?n f=oo,tmp=n \
        f=oo,tmp=n0 f=oo,tmp=n? f=oo,tmp=nn f=oo tmp=nn - +f=nn
        """),
    PublishedStates(
      program: "d",
      counts: [
        ("alice-code/4096", 3, 8),
        ("btrfs", 3, 8),
        ("default+atomic-dir", 3, 8),
        ("ext3-o", 3, 8),
        ("ext3-w", 3, 8),
        ("ext4-o", 3, 8),
        ("paper-default/4096", 3, 8),
      ],
      states: """
        f=nn f=no f=on f=oo +f=nn +f=no +f=on +f=oo
        """),
    PublishedStates(
      program: "d_fs",
      counts: [
        ("alice-code/4096", 4, 6),
        ("btrfs", 4, 6),
        ("default+atomic-dir", 4, 6),
        ("ext3-o", 4, 6),
        ("ext3-w", 4, 6),
        ("ext4-o", 4, 6),
        ("paper-default/4096", 4, 6),
      ],
      states: """
        f=nn f=no f=on f=oo +f=nn
        """),
    PublishedStates(
      program: "e",
      counts: [
        ("alice-code/4096", 8, 66),
        ("default+atomic-dir", 8, 66),
        ("ext3-w", 8, 50),
        ("paper-default/4096", 8, 66),
      ],
      states: """
        f=oo f=oo0 f=oo00 f=oo0? f=oo0r f=oo? f=oo?0 f=oo?? f=oo?r f=oor f=oor0 f=oor? f=oorr \
        +f=oorr
        """),
    PublishedStates(
      program: "a",
      counts: [
        ("alice-code/count1", 9, 512)
      ],
      states: """
        f=,tmp= f=,tmp=00 f=,tmp=?? f=,tmp=nn f= f=00,tmp=00 f=00 f=??,tmp=?? f=?? f=nn,tmp=nn \
        f=nn f=oo,tmp= f=oo,tmp=00 f=oo,tmp=?? f=oo,tmp=nn f=oo tmp= tmp=00 tmp=?? tmp=nn - \
        +f=,tmp= +f=,tmp=00 +f=,tmp=?? +f=,tmp=nn +f= +f=00,tmp=00 +f=00 +f=??,tmp=?? +f=?? \
        +f=nn,tmp=nn +f=nn +f=oo,tmp= +f=oo,tmp=00 +f=oo,tmp=?? +f=oo,tmp=nn +f=oo +tmp= +tmp=00 \
        +tmp=?? +tmp=nn +-
        """),
    PublishedStates(
      program: "b",
      counts: [
        ("alice-code/count1", 10, 80)
      ],
      states: """
        f=,tmp=nn f= f=nn,tmp=nn f=nn f=oo,tmp= f=oo,tmp=00 f=oo,tmp=?? f=oo,tmp=nn f=oo tmp=nn \
        - +f=,tmp=nn +f= +f=nn,tmp=nn +f=nn +f=oo,tmp=nn +f=oo +tmp=nn +-
        """),
    PublishedStates(
      program: "c",
      counts: [
        ("alice-code/count1", 11, 52)
      ],
      states: """
        f=,tmp=nn f= f=nn,tmp=nn f=nn f=oo,tmp= f=oo,tmp=00 f=oo,tmp=?? f=oo,tmp=nn f=oo tmp=nn \
        - +f=nn
        """),
    PublishedStates(
      program: "d",
      counts: [
        ("alice-code/count1", 2, 4)
      ],
      states: """
        f=nn f=oo +f=nn +f=oo
        """),
    PublishedStates(
      program: "d_fs",
      counts: [
        ("alice-code/count1", 3, 4)
      ],
      states: """
        f=nn f=oo +f=nn
        """),
    PublishedStates(
      program: "e",
      counts: [
        ("alice-code/count1", 5, 10)
      ],
      states: """
        f=oo f=oo00 f=oo?? f=oorr +f=oorr
        """),
    PublishedStates(
      program: "a",
      counts: [
        ("btrfs", 5, 14),
        ("ext3-j", 5, 10),
        ("ext3-o", 5, 10),
        ("ext4-o", 5, 14),
      ],
      states: """
        f=nn f=oo,tmp= f=oo,tmp=n f=oo,tmp=nn f=oo +f=nn +f=oo,tmp= +f=oo,tmp=n +f=oo,tmp=nn \
        +f=oo
        """),
    PublishedStates(
      program: "b",
      counts: [
        ("btrfs", 6, 10),
        ("ext3-j", 6, 8),
        ("ext3-o", 6, 8),
        ("ext4-o", 6, 10),
      ],
      states: """
        f=nn f=oo,tmp= f=oo,tmp=n f=oo,tmp=nn f=oo +f=nn +f=oo,tmp=nn
        """),
    PublishedStates(
      program: "c",
      counts: [
        ("btrfs", 7, 10),
        ("ext3-j", 7, 8),
        ("ext3-o", 7, 8),
        ("ext4-o", 7, 10),
      ],
      states: """
        f=nn f=oo,tmp= f=oo,tmp=n f=oo,tmp=nn f=oo +f=nn
        """),
    PublishedStates(
      program: "e",
      counts: [
        ("btrfs", 4, 5),
        ("ext3-j", 4, 5),
        ("ext3-o", 4, 5),
        ("ext4-o", 4, 5),
      ],
      states: """
        f=oo f=oor f=oorr +f=oorr
        """),
    PublishedStates(
      program: "a",
      counts: [
        ("default+atomic-dir", 9, 512)
      ],
      states: """
        f= f=0 f=00 f=0? f=0n f=? f=?0 f=?? f=?n f=n f=n0 f=n? f=nn f=oo,tmp= f=oo,tmp=0 \
        f=oo,tmp=00 f=oo,tmp=0? f=oo,tmp=0n f=oo,tmp=? f=oo,tmp=?0 f=oo,tmp=?? f=oo,tmp=?n \
        f=oo,tmp=n f=oo,tmp=n0 f=oo,tmp=n? f=oo,tmp=nn f=oo +f= +f=0 +f=00 +f=0? +f=0n +f=? \
        +f=?0 +f=?? +f=?n +f=n +f=n0 +f=n? +f=nn +f=oo,tmp= +f=oo,tmp=0 +f=oo,tmp=00 \
        +f=oo,tmp=0? +f=oo,tmp=0n +f=oo,tmp=? +f=oo,tmp=?0 +f=oo,tmp=?? +f=oo,tmp=?n +f=oo,tmp=n \
        +f=oo,tmp=n0 +f=oo,tmp=n? +f=oo,tmp=nn +f=oo
        """),
    PublishedStates(
      program: "b",
      counts: [
        ("default+atomic-dir", 10, 136)
      ],
      states: """
        f=nn f=oo,tmp= f=oo,tmp=0 f=oo,tmp=00 f=oo,tmp=0? f=oo,tmp=0n f=oo,tmp=? f=oo,tmp=?0 \
        f=oo,tmp=?? f=oo,tmp=?n f=oo,tmp=n f=oo,tmp=n0 f=oo,tmp=n? f=oo,tmp=nn f=oo +f=nn \
        +f=oo,tmp=nn +f=oo
        """),
    PublishedStates(
      program: "c",
      counts: [
        ("default+atomic-dir", 11, 134),
        ("ext3-w", 11, 68),
      ],
      states: """
        f=nn f=oo,tmp= f=oo,tmp=0 f=oo,tmp=00 f=oo,tmp=0? f=oo,tmp=0n f=oo,tmp=? f=oo,tmp=?0 \
        f=oo,tmp=?? f=oo,tmp=?n f=oo,tmp=n f=oo,tmp=n0 f=oo,tmp=n? f=oo,tmp=nn f=oo +f=nn
        """),
    PublishedStates(
      program: "d",
      counts: [
        ("ext3-j", 3, 6)
      ],
      states: """
        f=nn f=no f=oo +f=nn +f=no +f=oo
        """),
    PublishedStates(
      program: "d_fs",
      counts: [
        ("ext3-j", 4, 5)
      ],
      states: """
        f=nn f=no f=oo +f=nn
        """),
    PublishedStates(
      program: "a",
      counts: [
        ("ext3-w", 9, 160)
      ],
      states: """
        f=00 f=0? f=0n f=?0 f=?? f=?n f=n0 f=n? f=nn f=oo,tmp= f=oo,tmp=0 f=oo,tmp=00 \
        f=oo,tmp=0? f=oo,tmp=0n f=oo,tmp=? f=oo,tmp=?0 f=oo,tmp=?? f=oo,tmp=?n f=oo,tmp=n \
        f=oo,tmp=n0 f=oo,tmp=n? f=oo,tmp=nn f=oo +f=00 +f=0? +f=0n +f=?0 +f=?? +f=?n +f=n0 +f=n? \
        +f=nn +f=oo,tmp= +f=oo,tmp=0 +f=oo,tmp=00 +f=oo,tmp=0? +f=oo,tmp=0n +f=oo,tmp=? \
        +f=oo,tmp=?0 +f=oo,tmp=?? +f=oo,tmp=?n +f=oo,tmp=n +f=oo,tmp=n0 +f=oo,tmp=n? \
        +f=oo,tmp=nn +f=oo
        """),
    PublishedStates(
      program: "b",
      counts: [
        ("ext3-w", 10, 68)
      ],
      states: """
        f=nn f=oo,tmp= f=oo,tmp=0 f=oo,tmp=00 f=oo,tmp=0? f=oo,tmp=0n f=oo,tmp=? f=oo,tmp=?0 \
        f=oo,tmp=?? f=oo,tmp=?n f=oo,tmp=n f=oo,tmp=n0 f=oo,tmp=n? f=oo,tmp=nn f=oo +f=nn \
        +f=oo,tmp=nn
        """),
  ]
}
