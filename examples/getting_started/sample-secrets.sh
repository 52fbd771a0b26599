# Sample secrets, for `. ./sample-secrets.sh`. None of them opens anything.
export TF_VAR_snowflake_password='abc1234'
export TF_VAR_s3_secret_access_key='example-secret-access-key'
