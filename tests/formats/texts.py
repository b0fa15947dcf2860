"""Small problem files of every format, each small enough to be reckoned by hand."""

from __future__ import annotations

import json

CVRP = """NAME : square
COMMENT : four corners of 3 by 4
TYPE : CVRP
DIMENSION : 5
EDGE_WEIGHT_TYPE : EUC_2D
CAPACITY : 10
NODE_COORD_SECTION
1 0 0
2 3 0
3 3 4
4 0 4
5 1 1
DEMAND_SECTION
1 0
2 5
3 5
4 5
5 5
DEPOT_SECTION
 1
 -1
EOF
"""

MIXED = """NAME: mixed
TYPE: HFVRP
DIMENSION: 4
VEHICLES: 3
EDGE_WEIGHT_TYPE: EUC_2D
NODE_COORD_SECTION
1 0 0
2 1 1
3 2 2
4 0 5
DEMAND_SECTION
1 0
2 5
3 6
4 7
CAPACITY_SECTION
1 20
2 8
3 20
VEHICLES_FIXED_COST_SECTION
1 1000
2 500
3 1000
VEHICLES_UNIT_DISTANCE_COST_SECTION
1 200
2 100
3 200
DEPOT_SECTION
1
EOF
"""

DEPOTS = """NAME: two depots
TYPE: MDVRPTW
DIMENSION: 5
VEHICLES: 2
CAPACITY: 10
VEHICLES_MAX_DURATION: 12.5
EDGE_WEIGHT_TYPE: EUC_2D
NODE_COORD_SECTION
1 0 0
2 10 0
3 0 1
4 1 0
5 10 1
DEMAND_SECTION
1 0
2 0
3 1
4 1
5 1
SERVICE_TIME_SECTION
1 0
2 0
3 2
4 2
5 2
TIME_WINDOW_SECTION
1 0 100
2 0 100
3 5 9
4 5 20
5 0 100
VEHICLES_DEPOT_SECTION
1 1
2 2
DEPOT_SECTION
1
2
-1
EOF
"""

TRIPS = """NAME: trips
TYPE: MTVRPTWR
DIMENSION: 4
VEHICLES: 1
CAPACITY: 5
SERVICE_TIME: 1
EDGE_WEIGHT_TYPE: EUC_2D
NODE_COORD_SECTION
1 0 0
2 0 2
3 0 3
4 1 1
DEMAND_SECTION
1 0
2 5
3 4
4 1
TIME_WINDOW_SECTION
1 0 100
2 0 50
3 0 50
4 0 50
RELEASE_TIME_SECTION
1 0
2 0
3 20
4 0
VEHICLES_RELOAD_DEPOT_SECTION
1 1
DEPOT_SECTION
1
EOF
"""

ALLOWED = """NAME: allowed
TYPE: SDVRPTW
DIMENSION: 3
VEHICLES: 2
EDGE_WEIGHT_TYPE: EUC_2D
NODE_COORD_SECTION
1 0 0
2 1 0
3 2 0
DEMAND_SECTION
1 0
2 1
3 1
SERVICE_TIME_SECTION
1 0
2 0
3 0
TIME_WINDOW_SECTION
1 0 99
2 0 99
3 0 99
CAPACITY_SECTION
1 5
2 5
VEHICLES_ALLOWED_CLIENTS_SECTION
1 2
2 2 3
EOF
"""

PRIZES = """NAME : prizes
TYPE : PCVRPTW
DIMENSION : 4
VEHICLES : 2
CAPACITY : 9
SERVICE_TIME : 0
EDGE_WEIGHT_TYPE : EUC_2D
NODE_COORD_SECTION
1 0 0
2 1 0
3 40 0
4 0 1
DEMAND_SECTION
1 0
2 1
3 1
4 1
TIME_WINDOW_SECTION
1 0 99
2 0 99
3 0 99
4 0 99
PRIZE_SECTION
1 0
2 5
3 6
4 0
DEPOT_SECTION
1
-1
EOF
"""

GROUPS = """NAME: groups
TYPE: GVRP
DIMENSION: 5
VEHICLES: 1
CAPACITY: 9
EDGE_WEIGHT_TYPE: EUC_2D
NODE_COORD_SECTION
1 0 0
2 3 4
3 1 0
4 0 2
5 30 40
DEMAND_SECTION
1 0
2 2
3 2
4 1
5 1
MUTUALLY_EXCLUSIVE_GROUP_SECTION
1 2 3
2 4 5
DEPOT_SECTION
1
EOF
"""

MATRIX = """NAME : matrix
TYPE : CVRP
DIMENSION : 3
VEHICLES : 2
EDGE_WEIGHT_TYPE : EXPLICIT
EDGE_WEIGHT_FORMAT : {layout}
CAPACITY : 3
EDGE_WEIGHT_SECTION
{numbers}
DEMAND_SECTION
1 0
2 1
3 1
DEPOT_SECTION
1
-1
EOF
"""

SOLOMON = """R3

VEHICLE
NUMBER     CAPACITY
  2         10

CUSTOMER
CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE   TIME

    0      0         0          0          0         60          0
    1      1         1          4          0         10          1
    2      2         2          4          20        30          1
    3      9         0          4          0         60          1
"""

LILIM = """2\t3\t1
0\t0\t0\t0\t0\t100\t0\t0\t0
1\t3\t0\t2\t0\t100\t1\t0\t2
2\t3\t4\t-2\t0\t100\t1\t1\t0
3\t0\t4\t2\t0\t100\t1\t0\t4
4\t0\t1\t-2\t20\t100\t1\t3\t0
"""

VROOM = json.dumps(
    {
        "vehicles": [
            {"id": 7, "start_index": 0, "end_index": 0, "capacity": [4], "skills": [1], "time_window": [0, 100]},
            {"id": 9, "start_index": 3, "capacity": [4], "costs": {"fixed": 5, "per_hour": 7200}},
        ],
        "jobs": [
            {"id": 10, "location_index": 1, "service": 3, "delivery": [2], "skills": [1], "priority": 2},
            {"id": 20, "location_index": 2, "setup": 1, "pickup": [3], "time_windows": [[0, 5], [20, 30]]},
        ],
        "shipments": [
            {"pickup": {"id": 1, "location_index": 1}, "delivery": {"id": 1, "location_index": 3}, "amount": [1]}
        ],
        "matrices": {"car": {"durations": [[0, 4, 6, 8], [4, 0, 2, 4], [6, 2, 0, 2], [8, 4, 2, 0]]}},
    },
    indent=1,
)
