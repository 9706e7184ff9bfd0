"""Refusals around leads."""

from __future__ import annotations

from cellkit.errors import BusinessRuleViolation


class DuplicateLead(BusinessRuleViolation):
    """The same person or company is known already; found above the caller's row scope, the owner only hinted at."""

    code = "DUPLICATE_LEAD"
    zh = "线索重复：{matched_on}与线索 {number} 相同（负责人 {owner}）"
    en = "Duplicate lead: same {matched_on} as lead {number} (owner {owner})"


class LeadAlreadyConverted(BusinessRuleViolation):
    """A lead is converted once."""

    code = "LEAD_ALREADY_CONVERTED"
    zh = "线索 {number} 已经转化"
    en = "Lead {number} has been converted already"


class LeadAssigneeMissing(BusinessRuleViolation):
    """Neither a user nor a team to take the lead."""

    code = "LEAD_ASSIGNEE_MISSING"
    zh = "请指定负责人或分配团队"
    en = "Name an owner or a team"


class NobodyFree(BusinessRuleViolation):
    """All members of the team are at their limit, or none has the area."""

    code = "LEAD_TEAM_FULL"
    zh = "团队 {team} 暂无可接收该线索的成员"
    en = "No member of team {team} can take this lead"


class MergeWithItself(BusinessRuleViolation):
    """A lead cannot be merged with itself, nor with one that has ended."""

    code = "LEAD_MERGE_INVALID"
    zh = "线索 {number} 不能合并（同一线索、已转化或已失效）"
    en = "Lead {number} cannot be merged (the same, converted or invalid)"


class MergedAway(BusinessRuleViolation):
    """A lead that was merged into another is not revived."""

    code = "LEAD_MERGED"
    zh = "线索已合并，不能恢复"
    en = "The lead was merged into another and cannot be revived"
