"""A model put together of scikit-learn: reads months of clients, and clients who are asked about, and writes how likely
each of these is to leave within a year. Two models: whether clients left within a year of a month, of months that are a
year old; and whether they left in the month, of all months, twelve times over (a hazard in discrete time)."""
import json, sys

from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def columns(facts):
    return [[float("nan") if value is None else value for _, value in sorted(one.items())] for one in facts]


def foretold(rows, outcomes, asked):
    model = make_pipeline(SimpleImputer(add_indicator=True), StandardScaler(), LogisticRegression(max_iter=1000))
    return model.fit(columns(rows), outcomes).predict_proba(columns(asked))[:, 1]


told = json.load(sys.stdin)
old = [(facts, left) for month, facts, left in told["months"] if month + 12 <= told["last"]]
yearly = foretold([f for f, _ in old], [left is not None and left < 12 for _, left in old], told["asked"])
monthly = foretold([f for _, f, _ in told["months"]], [left == 0 for _, _, left in told["months"]], told["asked"])
json.dump([list(yearly), list(1 - (1 - monthly) ** 12)], sys.stdout)
