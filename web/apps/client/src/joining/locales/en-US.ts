export default { failed: "{cell} is not available now: {reason}", retry: "Try again" };
