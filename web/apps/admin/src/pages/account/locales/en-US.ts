export default {
  title: "My account",
  facts: { name: "Name", username: "Username", tenant: "Tenant", department: "Department", roles: "Roles", zone: "Time zone", lastLogin: "Last sign-in", passwordChanged: "Password changed" },
  password: "Password",
  passwordText: "All sign-ins on other devices end with a change.",
  changePassword: "Change password",
  sessions: "Signed in on",
  unknown: "Unknown device",
  current: "this one",
  end: "Sign out",
  ended: "Signed out",
  endOthers: "Sign out elsewhere",
  endOthersText: "All sign-ins but this one end; what is not saved there is lost.",
};
