// Eight schools, non-centred. theta_t is the standardised term: rstan's own example calls it eta.
data {
  int<lower=1> J;
  vector[J] y;               // estimated effect of the coaching, points
  vector<lower=0>[J] sigma;  // its standard error, taken as known
}
parameters {
  real mu;
  real<lower=0> tau;
  vector[J] theta_t;
}
transformed parameters {
  vector[J] theta = mu + tau * theta_t;
}
model {
  mu ~ normal(0, 5);
  tau ~ cauchy(0, 5);
  theta_t ~ normal(0, 1);
  y ~ normal(theta, sigma);
}
