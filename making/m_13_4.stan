// m_13_4 for rows or for counts per cell, g non-centred, a as you choose: fit_stan.R, stan_m_13_4.R.
data {
  int<lower=0, upper=1> centre_a;
  int N;
  int<lower=1, upper=7> actor[N];
  int<lower=1, upper=6> block_id[N];
  int<lower=1, upper=4> treatment[N];
  int pulls[N];
  int pulled_left[N];
}
parameters {
  real a_bar;
  real<lower=0> sigma_a;
  real<lower=0> sigma_g;
  vector[7] z_a; // a itself when it is centred
  vector[6] z;
  vector[4] b;
}
transformed parameters {
  vector[7] a = centre_a ? z_a : a_bar + sigma_a * z_a;
  vector[6] g = sigma_g * z;
}
model {
  a_bar ~ normal(0, 1.5);
  sigma_a ~ exponential(1);
  sigma_g ~ exponential(1);
  if (centre_a)
    z_a ~ normal(a_bar, sigma_a);
  else
    z_a ~ normal(0, 1);
  z ~ normal(0, 1);
  b ~ normal(0, 0.5);
  pulled_left ~ binomial_logit(pulls, a[actor] + g[block_id] + b[treatment]);
}
