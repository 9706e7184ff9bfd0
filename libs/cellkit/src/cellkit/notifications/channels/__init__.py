"""The ways out: e-mail, webhooks, robots of WeCom, DingTalk and Feishu."""
